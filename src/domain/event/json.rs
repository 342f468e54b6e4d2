//! A flat JSON object, written in the order of its fields.

use std::borrow::Cow;
use std::fmt;

/// The value of a field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// A text.
    Text(String),
    /// A number.
    Number(i64),
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<i64> for Value {
    fn from(number: i64) -> Self {
        Self::Number(number)
    }
}

/// An object, whose `Display` is its JSON in one line.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Json(Vec<(&'static str, Value)>);

impl Json {
    /// Adds a field.
    #[must_use]
    pub fn with(self, name: &'static str, value: impl Into<Value>) -> Self {
        self.maybe(name, Some(value))
    }

    /// Adds a field, where there is a value.
    #[must_use]
    pub fn maybe(mut self, name: &'static str, value: Option<impl Into<Value>>) -> Self {
        self.0.extend(value.map(|value| (name, value.into())));
        self
    }

    /// The fields, in their order.
    #[must_use]
    pub fn fields(&self) -> &[(&'static str, Value)] {
        &self.0
    }
}

impl fmt::Display for Json {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("{")?;
        for (n, (name, value)) in self.0.iter().enumerate() {
            let comma = if n == 0 { "" } else { "," };
            match value {
                Value::Number(number) => write!(f, "{comma}\"{name}\":{number}")?,
                Value::Text(text) => {
                    write!(f, "{comma}\"{name}\":\"")?;
                    text.chars().try_for_each(|c| match escaped(c) {
                        Some(escape) => f.write_str(&escape),
                        None => write!(f, "{c}"),
                    })?;
                    f.write_str("\"")?;
                }
            }
        }
        f.write_str("}")
    }
}

/// How a character is written that cannot stand in a JSON text as it is. The line ends of Unicode are among them: some
/// readers of lines and of event streams end a line there.
pub(super) fn escaped(c: char) -> Option<Cow<'static, str>> {
    match c {
        '"' => Some(Cow::Borrowed("\\\"")),
        '\\' => Some(Cow::Borrowed("\\\\")),
        '\n' => Some(Cow::Borrowed("\\n")),
        '\r' => Some(Cow::Borrowed("\\r")),
        '\t' => Some(Cow::Borrowed("\\t")),
        c if c.is_control() || matches!(c, '\u{2028}' | '\u{2029}') => {
            Some(Cow::Owned(format!("\\u{:04x}", u32::from(c))))
        }
        _ => None,
    }
}
