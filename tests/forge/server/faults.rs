//! What a server does wrong, on request.

use std::sync::Arc;

use tokio::sync::Notify;

use super::{Answer, Request};

/// To one request, instead of or after what it would do.
#[derive(Debug, Clone)]
pub(crate) enum What {
    /// Answers this, and does nothing.
    Answers(Answer),
    /// Never answers.
    Hangs,
    /// Closes the connection before it does it.
    ClosesBefore,
    /// Does it, and closes the connection before the answer.
    ClosesAfter,
    /// Does it, and never answers.
    HangsAfter,
    /// Answers the first half.
    Halves,
    /// Answers without this field.
    Lacks(&'static str),
    /// Answers with a field of another type.
    Twists(&'static str),
}

/// The death of who asks, with the request after so many others.
#[derive(Debug, Clone)]
pub(crate) struct Dies {
    pub(crate) after: usize,
    /// Whether the request is carried out.
    pub(crate) done: bool,
    /// Told when it is time.
    pub(crate) now: Arc<Notify>,
}

/// For the first request that it fits.
#[derive(Debug, Clone)]
pub(crate) struct Fault {
    pub(crate) method: &'static str,
    /// What the path ends in.
    pub(crate) path: &'static str,
    pub(crate) what: What,
}

impl Fault {
    pub(crate) fn fits(&self, request: &Request) -> bool {
        self.method == request.method && request.path.ends_with(self.path)
    }
}

/// The answer without, or with another type of, that field, wherever it stands first.
pub(crate) fn spoilt(body: &str, field: &str, twisted: bool) -> String {
    let mut value: serde_json::Value = serde_json::from_str(body).unwrap();
    let object = match &mut value {
        serde_json::Value::Array(entries) => &mut entries[0],
        other => other,
    };
    let object = object.as_object_mut().unwrap();
    assert!(object.remove(field).is_some(), "{field} is not there");
    if twisted {
        object.insert(field.to_owned(), serde_json::json!([[7]]));
    }
    value.to_string()
}
