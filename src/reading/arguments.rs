//! Reading a tool's arguments: what does not fit is refused by the name of the field, in the same coded form as
//! every other refusal.

use std::cell::RefCell;
use std::fmt;
use std::io::{self, Write};

use serde::de::value::StringDeserializer;
use serde::de::{
    self, DeserializeOwned, DeserializeSeed, Deserializer, IntoDeserializer, MapAccess, Visitor,
};
use serde_json::{Map, Value};

use super::Unfit;

/// The most that the arguments of one call may measure as JSON, in bytes.
pub const ARGUMENTS_MAX: usize = 1 << 20;
/// How much of a reason is shown, in characters: it may quote what was sent.
const SHOWN: usize = 300;

/// Reads the arguments of a tool whose fields all stand at the top.
///
/// # Errors
/// The name of the field that does not fit, and why.
pub fn read_arguments<T: DeserializeOwned>(given: Map<String, Value>) -> Result<T, Unfit> {
    let mut size = Counter(0);
    if serde_json::to_writer(&mut size, &given).is_err() {
        return Err(Unfit::new("arguments", format!("are larger than {ARGUMENTS_MAX} bytes of JSON")));
    }
    let at = RefCell::new(None);
    T::deserialize(Fields { rest: given.into_iter(), value: None, at: &at }).map_err(|fault| {
        let field = fault.field.or_else(|| at.take()).unwrap_or_else(|| "arguments".to_owned());
        Unfit::new(cut(&field, 80), cut(&fault.why, SHOWN))
    })
}

fn cut(text: &str, longest: usize) -> String {
    text.chars().filter(|c| !c.is_control()).take(longest).collect()
}

/// Counts, keeps nothing, and fails once there is more than [`ARGUMENTS_MAX`].
struct Counter(usize);

impl Write for Counter {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0 = self.0.saturating_add(bytes.len());
        if self.0 > ARGUMENTS_MAX { Err(io::ErrorKind::FileTooLarge.into()) } else { Ok(bytes.len()) }
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// A JSON object that knows which field is being read.
struct Fields<'a> {
    rest: serde_json::map::IntoIter,
    value: Option<Value>,
    at: &'a RefCell<Option<String>>,
}

impl<'de> Deserializer<'de> for Fields<'_> {
    type Error = Fault;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        visitor.visit_map(self)
    }

    serde::forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit
        unit_struct newtype_struct seq tuple tuple_struct map struct enum identifier ignored_any
    }
}

impl<'de> MapAccess<'de> for Fields<'_> {
    type Error = Fault;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, Fault> {
        let Some((key, value)) = self.rest.next() else {
            self.at.take();
            return Ok(None);
        };
        self.at.replace(Some(key.clone()));
        self.value = Some(value);
        let key: StringDeserializer<Fault> = key.into_deserializer();
        seed.deserialize(key).map(Some)
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Fault> {
        seed.deserialize(self.value.take().unwrap_or(Value::Null)).map_err(de::Error::custom)
    }
}

/// What does not fit, and where if it is known.
#[derive(Debug)]
struct Fault {
    field: Option<String>,
    why: String,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.why)
    }
}

impl std::error::Error for Fault {}

impl de::Error for Fault {
    fn custom<T: fmt::Display>(why: T) -> Self {
        Self { field: None, why: why.to_string() }
    }

    fn missing_field(field: &'static str) -> Self {
        Self { field: Some(field.to_owned()), why: "is missing".to_owned() }
    }

    fn unknown_field(field: &str, known: &'static [&'static str]) -> Self {
        let why = match known {
            [] => "is unknown: this tool takes no arguments".to_owned(),
            known => format!("is unknown: this tool takes {}", known.join(", ")),
        };
        Self { field: Some(field.to_owned()), why }
    }
}
