//! A count out of a file that somebody else wrote: what is too large, negative or a fraction is no reason to lose
//! the line it stands in.

use std::fmt;

use serde::de::{Deserialize, Deserializer, Visitor};

/// A number from 0 to `u64::MAX`. Above it counts as the most there is; below it, and nothing, as 0; a fraction is
/// cut off.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Count(pub(super) u64);

struct Lenient;

impl Visitor<'_> for Lenient {
    type Value = Count;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a number of tokens")
    }

    fn visit_u64<E>(self, number: u64) -> Result<Count, E> {
        Ok(Count(number))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Count, E> {
        Ok(Count(u64::try_from(number).unwrap_or(0)))
    }

    fn visit_f64<E>(self, number: f64) -> Result<Count, E> {
        // `as` saturates and makes nothing of what is no number. It is how a parser hands on more than 64 bits.
        Ok(Count(number as u64))
    }

    fn visit_unit<E>(self) -> Result<Count, E> {
        Ok(Count(0))
    }
}

impl<'de> Deserialize<'de> for Count {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_any(Lenient)
    }
}

#[cfg(test)]
mod tests {
    use serde::de::IntoDeserializer;
    use serde::de::value::{
        Error, F64Deserializer, I64Deserializer, StrDeserializer, U64Deserializer, UnitDeserializer,
    };

    use super::*;

    #[test]
    fn odd_numbers_are_bent_into_a_count() {
        let unsigned = |n: u64| {
            let from: U64Deserializer<Error> = n.into_deserializer();
            Count::deserialize(from).map(|count| count.0)
        };
        let signed = |n: i64| {
            let from: I64Deserializer<Error> = n.into_deserializer();
            Count::deserialize(from).map(|count| count.0)
        };
        let float = |n: f64| {
            let from: F64Deserializer<Error> = n.into_deserializer();
            Count::deserialize(from).map(|count| count.0)
        };
        assert_eq!([unsigned(0), unsigned(7), unsigned(u64::MAX)], [Ok(0), Ok(7), Ok(u64::MAX)]);
        assert_eq!([signed(7), signed(-1), signed(i64::MIN)], [Ok(7), Ok(0), Ok(0)]);
        assert_eq!([float(7.9), float(-0.5), float(1e300)], [Ok(7), Ok(0), Ok(u64::MAX)]);
        assert_eq!([float(f64::NAN), float(f64::INFINITY)], [Ok(0), Ok(u64::MAX)]);
        assert_eq!(Count::deserialize(UnitDeserializer::<Error>::new()), Ok(Count(0)));
        let text: StrDeserializer<'_, Error> = "7".into_deserializer();
        let refused = Count::deserialize(text).unwrap_err();
        assert_eq!(refused.to_string(), "invalid type: string \"7\", expected a number of tokens");
    }
}
