//! A forge behind TLS, with an authority of its own.

use sprintgate::domain::forge::{ForgeHost, ForgeKind};
use sprintgate::forge::{BadForge, ForgeError, Forges};

use super::ground::{Ground, KINDS, client, is_clean, settings};
use super::server::authority;

#[tokio::test]
async fn an_authority_of_ones_own_is_believed_when_it_is_listed() {
    for kind in KINDS {
        let ground = Ground::new(kind).await;
        let pr = ground.open(false).await;
        let folder = ground.server.folder();
        let ca = authority(folder);
        let host = ground.server.secure(kind, folder).await;
        let mut secure = settings(&ground.server, kind);
        secure.host = ForgeHost::new(&host).unwrap();
        secure.api =
            secure.api.replace(&format!("http://{}", ground.server.host(kind)), &format!("https://{host}"));
        let url = sprintgate::domain::forge::PrUrl { host: secure.host.clone(), ..pr.url.clone() };

        let asked = ground.server.state().log.len();
        let error = client(secure.clone()).get(&url).await.unwrap_err();
        assert!(matches!(&error, ForgeError::Away { why } if why.contains("certificate")), "{error}");
        is_clean(&error);
        assert_eq!(ground.server.state().log.len(), asked, "nothing was sent");

        secure.ca_file = Some(ca);
        assert_eq!(client(secure.clone()).get(&url).await.unwrap().head, ground.head);

        // The name counts, too.
        let mut other = secure;
        other.api = other.api.replace("localhost", "127.0.0.1");
        let error = client(other).get(&url).await.unwrap_err();
        assert!(matches!(error, ForgeError::Away { .. }), "{error}");
    }
}

#[tokio::test]
async fn a_file_without_certificates_is_no_authority() {
    let ground = Ground::new(ForgeKind::GitHub).await;
    let file = ground.server.folder().join("empty.pem");
    std::fs::write(&file, "nothing\n").unwrap();
    let mut one = settings(&ground.server, ForgeKind::GitHub);
    one.ca_file = Some(file);
    assert!(matches!(Forges::new([one]), Err(BadForge::Certificates { .. })));
}
