//! Comments and files, which both kinds of forges have at the same places.

use reqwest::Method;
use serde_json::{Value, json};

use super::error::ForgeError;
use super::http::Http;
use super::pull::{Comment, File};
use crate::domain::forge::{ForgeKind, PrUrl};

const MARKER_MAX: usize = 100;

impl Http {
    /// Says something, unless a comment has the marker already.
    pub(super) async fn say_once(&self, pr: &PrUrl, marker: &str, text: &str) -> Result<(), ForgeError> {
        self.owns(pr)?;
        let plain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b':' | b'.' | b'_' | b'-');
        if marker.is_empty()
            || marker.len() > MARKER_MAX
            || !marker.bytes().all(plain)
            || marker.contains("--")
        {
            return Err(ForgeError::Invalid {
                why: "a marker is 1 to 100 letters, digits and : . _ -".into(),
            });
        }
        let mark = format!("<!-- {marker} -->");
        let path = format!("/repos/{}/issues/{}/comments", pr.repo, pr.number);
        let seen = |comment: Comment| comment.body.filter(|body| body.contains(&mark)).map(drop);
        if self.first(&format!("{path}?{}", size(pr.kind)), seen).await?.is_some() {
            return Ok(());
        }
        let body = json!({ "body": format!("{text}\n\n{mark}") });
        self.change(Method::POST, &path, &body).await?.done::<Value>().map(drop)
    }

    /// The files that it changes.
    pub(super) async fn changed(&self, pr: &PrUrl) -> Result<Vec<String>, ForgeError> {
        self.owns(pr)?;
        let mut files = Vec::new();
        let path = format!("/repos/{}/pulls/{}/files?{}", pr.repo, pr.number, size(pr.kind));
        let note = |file: File| -> Option<()> {
            files.extend(file.previous_filename);
            files.push(file.filename);
            None
        };
        self.first(&path, note).await?;
        Ok(files)
    }
}

/// As many entries a page as the forge gives.
pub(super) fn size(kind: ForgeKind) -> &'static str {
    match kind {
        ForgeKind::GitHub => "per_page=100",
        ForgeKind::Forgejo => "limit=50",
    }
}
