//! Lengths of time as people write them: `90s`, `15m`, `12h`, `7d`.

use crate::domain::time::Millis;

/// Takes text for a length of time.
pub(crate) fn span(text: &str) -> Result<Millis, String> {
    let wrong = || "is not a number with s, m, h or d, as 7d".to_owned();
    let unit = text.chars().next_back().ok_or_else(wrong)?;
    let seconds = match unit {
        's' => 1,
        'm' => 60,
        'h' => 60 * 60,
        'd' => 24 * 60 * 60,
        _ => return Err(wrong()),
    };
    let number: u32 = text.strip_suffix(unit).unwrap_or(text).parse().map_err(|_| wrong())?;
    Ok(Millis::seconds(i64::from(number) * seconds))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_of_time() {
        for (text, seconds) in [("0s", 0), ("90s", 90), ("15m", 900), ("12h", 43_200), ("7d", 604_800)] {
            assert_eq!(span(text), Ok(Millis::seconds(seconds)), "{text}");
        }
        for text in ["", "7", "d", "-1d", "7 d", "1.5h", "7w", "7dd", "99999999999d", "7é"] {
            assert!(span(text).is_err(), "{text}");
        }
    }
}
