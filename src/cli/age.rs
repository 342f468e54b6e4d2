//! Ages as people read them: `42s`, `15m`, `12h`, `7d`.

/// A number of seconds in the largest unit that there is one of.
pub(crate) fn age(seconds: i64) -> String {
    let units = [(24 * 60 * 60, "d"), (60 * 60, "h"), (60, "m")];
    let fits = units.into_iter().find(|(length, _)| seconds >= *length);
    fits.map_or_else(
        || format!("{}s", seconds.max(0)),
        |(length, unit)| format!("{}{unit}", seconds / length),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_largest_unit() {
        for (seconds, shown) in [
            (-5, "0s"),
            (0, "0s"),
            (59, "59s"),
            (60, "1m"),
            (3599, "59m"),
            (3600, "1h"),
            (86_399, "23h"),
            (172_800, "2d"),
        ] {
            assert_eq!(age(seconds), shown);
        }
    }
}
