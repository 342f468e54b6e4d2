//! How PostgreSQL keeps times and documents: as `timestamptz`, to the millisecond, and as `jsonb` or `json`.

use sqlx::encode::IsNull;
use sqlx::error::BoxDynError;
use sqlx::postgres::types::Oid;
use sqlx::postgres::{PgArgumentBuffer, PgTypeInfo, PgValueFormat, PgValueRef, Postgres};
use sqlx::{Decode, Encode, Type, ValueRef};

use crate::domain::time::Timestamp;

const TIMESTAMPTZ: Oid = Oid(1184);
const JSON: Oid = Oid(114);
const JSONB: Oid = Oid(3802);

/// 2000-01-01T00:00:00Z, from which PostgreSQL counts, in milliseconds since 1970.
const EPOCH: i64 = 946_684_800_000;
const MICROS: i64 = 1000;

/// A time.
#[derive(Clone, Copy)]
pub(super) struct At(pub(super) Timestamp);

impl Type<Postgres> for At {
    fn type_info() -> PgTypeInfo {
        PgTypeInfo::with_oid(TIMESTAMPTZ)
    }
}

impl Encode<'_, Postgres> for At {
    fn encode_by_ref(&self, buffer: &mut PgArgumentBuffer) -> Result<IsNull, BoxDynError> {
        let since = self.0.0.checked_sub(EPOCH).and_then(|millis| millis.checked_mul(MICROS));
        let since = since.ok_or_else(|| format!("{} is no time that PostgreSQL can keep", self.0))?;
        buffer.extend_from_slice(&since.to_be_bytes());
        Ok(IsNull::No)
    }
}

impl<'r> Decode<'r, Postgres> for At {
    fn decode(value: PgValueRef<'r>) -> Result<Self, BoxDynError> {
        let micros = i64::from_be_bytes(binary(&value)?.try_into()?);
        Ok(Self(Timestamp(micros.div_euclid(MICROS).saturating_add(EPOCH))))
    }
}

/// A document, as JSON text. It is sent as `json`, which PostgreSQL takes for a `jsonb` column too.
pub(super) struct Document(pub(super) String);

impl Type<Postgres> for Document {
    fn type_info() -> PgTypeInfo {
        PgTypeInfo::with_oid(JSON)
    }
    fn compatible(kept: &PgTypeInfo) -> bool {
        [JSON, JSONB].map(Some).contains(&kept.oid())
    }
}

impl Encode<'_, Postgres> for Document {
    fn encode_by_ref(&self, buffer: &mut PgArgumentBuffer) -> Result<IsNull, BoxDynError> {
        buffer.extend_from_slice(self.0.as_bytes());
        Ok(IsNull::No)
    }
}

impl<'r> Decode<'r, Postgres> for Document {
    fn decode(value: PgValueRef<'r>) -> Result<Self, BoxDynError> {
        let tagged = value.type_info().oid() == Some(JSONB);
        let bytes = binary(&value)?;
        // A `jsonb` begins with the version of its form.
        let text = match (tagged, bytes) {
            (false, text) | (true, [1, text @ ..]) => text,
            (true, _) => return Err("an unknown form of jsonb".into()),
        };
        Ok(Self(std::str::from_utf8(text)?.to_owned()))
    }
}

/// A page of rows, as JSON text.
pub(super) type Page = Document;

fn binary<'r>(value: &PgValueRef<'r>) -> Result<&'r [u8], BoxDynError> {
    match value.format() {
        PgValueFormat::Binary => value.as_bytes(),
        PgValueFormat::Text => Err("a value came as text".into()),
    }
}
