//! What a check did, in counts.

use std::fmt;

use serde::ser::{Serialize, SerializeMap, Serializer};

/// What a check did: numbers, each with the word for what it counts, in their order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Seen(Vec<(&'static str, u64)>);

impl Seen {
    /// Nothing yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The same, and so many of these.
    #[must_use]
    pub fn and(mut self, number: impl TryInto<u64>, of: &'static str) -> Self {
        self.0.push((of, number.try_into().unwrap_or(u64::MAX)));
        self
    }

    /// The counts.
    #[must_use]
    pub fn counts(&self) -> &[(&'static str, u64)] {
        &self.0
    }
}

impl fmt::Display for Seen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let lines: Vec<String> =
            self.0.iter().map(|(of, number)| format!("{} {of}", grouped(*number))).collect();
        f.write_str(&lines.join(", "))
    }
}

impl Serialize for Seen {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for (of, number) in &self.0 {
            map.serialize_entry(of, number)?;
        }
        map.end()
    }
}

/// A number with a comma before each three digits.
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_are_read_by_people_and_programs() {
        let seen = Seen::new().and(16_usize, "workers").and(4_000, "jobs").and(0, "claimed twice");
        assert_eq!(seen.to_string(), "16 workers, 4,000 jobs, 0 claimed twice");
        let json = serde_json::to_string(&seen).unwrap();
        assert_eq!(json, r#"{"workers":16,"jobs":4000,"claimed twice":0}"#);
        assert_eq!([999, 1_000, 1_234_567].map(grouped), ["999", "1,000", "1,234,567"]);
    }
}
