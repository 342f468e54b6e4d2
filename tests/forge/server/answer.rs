//! A request and an answer.

use serde_json::{Value, json};

#[derive(Debug, Clone)]
pub(crate) struct Request {
    pub(crate) method: String,
    /// Without the query.
    pub(crate) path: String,
    pub(crate) query: Vec<(String, String)>,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Value,
}

impl Request {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(n, _)| n == name).map(|(_, value)| &**value)
    }

    pub(crate) fn query(&self, name: &str) -> Option<&str> {
        self.query.iter().find(|(n, _)| n == name).map(|(_, value)| &**value)
    }

    pub(crate) fn number(&self, name: &str, otherwise: usize) -> usize {
        self.query(name).and_then(|text| text.parse().ok()).unwrap_or(otherwise)
    }

    /// A text of the body.
    pub(crate) fn text(&self, name: &str) -> String {
        self.body[name].as_str().unwrap_or_default().to_owned()
    }
}

#[derive(Debug, Clone)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: String,
}

impl Answer {
    pub(crate) fn json(status: u16, body: &Value) -> Self {
        Self { status, headers: Vec::new(), body: body.to_string() }
    }

    pub(crate) fn empty(status: u16) -> Self {
        Self { status, headers: Vec::new(), body: String::new() }
    }

    /// A refusal in these words.
    pub(crate) fn says(status: u16, message: &str) -> Self {
        Self::json(status, &json!({ "message": message }))
    }

    pub(crate) fn with(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// One page of a list, with a link to the next.
    pub(crate) fn page(entries: Vec<Value>, page: usize, size: usize) -> Self {
        let more = entries.len() > page * size;
        let part: Vec<Value> = entries.into_iter().skip((page - 1) * size).take(size).collect();
        let answer = Self::json(200, &Value::Array(part));
        match more {
            true => answer.with("link", &format!("<https://evil.example/?page={}>; rel=\"next\"", page + 1)),
            false => answer,
        }
    }

    /// The same, with the list as a field of what is made of it.
    pub(crate) fn within(mut self, wrap: impl FnOnce(Value) -> Value) -> Self {
        self.body = wrap(serde_json::from_str(&self.body).unwrap()).to_string();
        self
    }
}
