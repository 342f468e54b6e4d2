//! Whom a forge's certificate is believed from: the system's authorities and those that the operator adds.

use std::sync::Arc;

use rustls::RootCertStore;
use rustls::crypto::ring;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;

use super::error::BadForge;
use super::settings::ForgeSettings;

/// What a connection to this host demands. The provider of the algorithms is named here, so that none has to be set for
/// the whole process.
pub(super) fn config(settings: &ForgeSettings) -> Result<rustls::ClientConfig, BadForge> {
    let bad = |why: String| BadForge::Certificates { host: settings.host.clone(), why };
    let mut roots = RootCertStore::empty();
    // Stores of systems hold certificates that cannot be read; the others count.
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    if let Some(path) = &settings.ca_file {
        let shown = path.display();
        let pem = std::fs::read(path).map_err(|error| bad(format!("{shown}: {error}")))?;
        let mut added = 0;
        for certificate in CertificateDer::pem_slice_iter(&pem) {
            let certificate = certificate.map_err(|error| bad(format!("{shown}: {error}")))?;
            roots.add(certificate).map_err(|error| bad(format!("{shown}: {error}")))?;
            added += 1;
        }
        if added == 0 {
            return Err(bad(format!("{shown}: it has no certificate")));
        }
    }
    let versions = rustls::ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(|error| bad(error.to_string()))?;
    Ok(versions.with_root_certificates(roots).with_no_client_auth())
}
