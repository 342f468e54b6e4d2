//! What an answer says about how long to leave the forge alone. Pure: "now" is the forge's own clock.

use crate::domain::time::Millis;

/// The parts of an answer that a wait is read from.
#[derive(Debug, Default, Clone, Copy)]
pub(super) struct Signs<'a> {
    /// The status.
    pub status: u16,
    /// `retry-after`: seconds, or a date.
    pub retry_after: Option<&'a str>,
    /// `x-ratelimit-remaining`.
    pub remaining: Option<&'a str>,
    /// `x-ratelimit-reset`: seconds since 1970.
    pub reset: Option<&'a str>,
    /// `date`.
    pub date: Option<&'a str>,
    /// What the answer says.
    pub text: &'a str,
    /// How many answers in a row were limits without a time, this one included.
    pub strikes: u32,
}

const MINUTE: Millis = Millis::minutes(1);
/// What a wait without a time grows to.
const UNTIMED_MAX: Millis = Millis::minutes(15);
/// No wait is longer, whatever a forge says.
const MAX: Millis = Millis::minutes(24 * 60);

/// Whether the answer is a limit, and how long it asks to wait: `retry-after` first, then the reset of a limit that is
/// used up, then a minute that doubles.
pub(super) fn wait(signs: &Signs<'_>) -> Option<Millis> {
    let limited = matches!(signs.status, 403 | 429);
    let away = matches!(signs.status, 502..=504);
    if !limited && !away {
        return None;
    }
    if let Some(wait) = signs.retry_after.and_then(|text| after(text, signs.date)) {
        return Some(bounded(wait));
    }
    if away {
        return None;
    }
    if signs.remaining == Some("0") {
        let reset = signs.reset.and_then(|text| text.parse::<i64>().ok());
        let now = signs.date.and_then(moment);
        let wait = reset.zip(now).map(|(reset, now)| Millis::seconds(reset.saturating_sub(now)));
        return Some(bounded(wait.unwrap_or(MINUTE)));
    }
    let text = signs.text.to_ascii_lowercase();
    let named = ["rate limit", "abuse detection"].iter().any(|words| text.contains(words));
    if signs.status == 429 || named {
        let doubled = MINUTE.0.saturating_mul(1 << signs.strikes.saturating_sub(1).min(10));
        return Some(Millis(doubled.min(UNTIMED_MAX.0)));
    }
    None
}

fn after(text: &str, date: Option<&str>) -> Option<Millis> {
    if let Ok(seconds) = text.trim().parse::<i64>() {
        return Some(Millis::seconds(seconds));
    }
    let until = moment(text)?;
    let now = date.and_then(moment)?;
    Some(Millis::seconds(until.saturating_sub(now)))
}

fn bounded(wait: Millis) -> Millis {
    Millis(wait.0.clamp(1000, MAX.0))
}

/// A date of HTTP in seconds since 1970.
fn moment(text: &str) -> Option<i64> {
    let parser = jiff::fmt::rfc2822::DateTimeParser::new();
    Some(parser.parse_timestamp(text.trim()).ok()?.as_second())
}

#[cfg(test)]
mod tests {
    use super::{Signs, wait};

    const DATE: &str = "Tue, 10 Oct 2017 16:00:00 GMT";

    #[test]
    fn each_sign_has_its_wait() {
        let plain = Signs { status: 403, date: Some(DATE), strikes: 1, ..Signs::default() };
        let used_up = Signs { remaining: Some("0"), ..plain };
        let secondary = Signs { text: "You have exceeded a secondary rate limit.", ..plain };
        for (signs, seconds) in [
            (Signs { status: 200, retry_after: Some("9"), ..plain }, None),
            (Signs { text: "Resource not accessible", remaining: Some("4999"), ..plain }, None),
            (Signs { retry_after: Some("7"), ..used_up }, Some(7)),
            (Signs { retry_after: Some("Tue, 10 Oct 2017 16:00:30 GMT"), ..plain }, Some(30)),
            // 1507651200 is DATE
            (Signs { reset: Some("1507651290"), ..used_up }, Some(90)),
            (Signs { reset: Some("1507651190"), ..used_up }, Some(1)),
            (Signs { reset: Some("1507651200000"), ..used_up }, Some(86_400)),
            (Signs { reset: Some("1507651290"), date: None, ..used_up }, Some(60)),
            (Signs { reset: Some("soon"), ..used_up }, Some(60)),
            (secondary, Some(60)),
            (Signs { strikes: 3, ..secondary }, Some(240)),
            (Signs { strikes: 40, ..secondary }, Some(900)),
            (Signs { status: 429, ..plain }, Some(60)),
            (Signs { status: 429, retry_after: Some("-5"), ..plain }, Some(1)),
            (Signs { status: 503, retry_after: Some("12"), ..plain }, Some(12)),
            (Signs { status: 503, ..plain }, None),
        ] {
            assert_eq!(wait(&signs).map(|wait| wait.0 / 1000), seconds, "{signs:?}");
        }
    }

    proptest::proptest! {
        #[test]
        fn whatever_is_said_a_wait_is_between_a_second_and_a_day(
            status in 400u16..600, after in "\\PC*|-?[0-9]{1,25}", reset in "\\PC*|-?[0-9]{1,25}", strikes: u32
        ) {
            let (retry_after, reset) = (Some(&*after), Some(&*reset));
            for (retry_after, remaining) in [(retry_after, None), (None, Some("0")), (None, None)] {
                let signs = Signs { status, retry_after, remaining, reset, date: Some(DATE), text: "abuse detection", strikes };
                if let Some(wait) = wait(&signs) {
                    proptest::prop_assert!((1_000..=86_400_000).contains(&wait.0), "{wait:?}");
                }
            }
        }
    }
}
