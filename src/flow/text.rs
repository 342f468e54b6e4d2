//! Arguments as they come in: lengths, characters and ids, each with an error that names the field.

use super::FlowError;
use crate::domain::id::BadId;

/// Takes text of `min` to `max` characters; NUL and other control characters than tab and line ends are refused.
pub(super) fn text(field: &str, value: &str, min: usize, max: usize) -> Result<(), FlowError> {
    let found = value.chars().count();
    if value.trim().chars().count() < min {
        return Err(FlowError::invalid(field, format!("needs at least {min} character(s)")));
    }
    if found > max {
        return Err(FlowError::invalid(field, format!("has {found} characters, and at most {max} fit")));
    }
    if value.chars().any(|c| c.is_control() && !matches!(c, '\t' | '\n' | '\r')) {
        return Err(FlowError::invalid(field, "contains a control character"));
    }
    Ok(())
}

/// The same for text that may be absent.
pub(super) fn maybe(field: &str, value: Option<&str>, max: usize) -> Result<(), FlowError> {
    value.map_or(Ok(()), |value| text(field, value, 0, max))
}

/// Takes a priority: 1 (first) to 4.
pub(super) fn priority(value: i64) -> Result<(), FlowError> {
    if (1..=4).contains(&value) {
        Ok(())
    } else {
        Err(FlowError::invalid("priority", format!("is {value}, and has to be 1 to 4")))
    }
}

/// Takes a place in an order: any number that can be compared.
pub(super) fn sort_order(value: Option<f64>) -> Result<(), FlowError> {
    match value {
        Some(place) if !place.is_finite() => Err(FlowError::invalid("sort_order", "is not a finite number")),
        _ => Ok(()),
    }
}

/// Takes text for an id.
pub(super) fn id<T: std::str::FromStr<Err = BadId>>(field: &str, value: &str) -> Result<T, FlowError> {
    value.parse().map_err(|bad: BadId| FlowError::invalid(field, bad.to_string()))
}
