//! How SQLite keeps what it has no type for: a time as milliseconds since 1970, a document as its text.

use sqlx::encode::IsNull;
use sqlx::error::BoxDynError;
use sqlx::sqlite::{Sqlite, SqliteArgumentsBuffer, SqliteTypeInfo, SqliteValueRef};
use sqlx::{Decode, Encode, Type};

use crate::domain::time::Timestamp;

/// A time.
#[derive(Clone, Copy)]
pub(super) struct At(pub(super) Timestamp);

impl Type<Sqlite> for At {
    fn type_info() -> SqliteTypeInfo {
        <i64 as Type<Sqlite>>::type_info()
    }
    fn compatible(kept: &SqliteTypeInfo) -> bool {
        <i64 as Type<Sqlite>>::compatible(kept)
    }
}

impl Encode<'_, Sqlite> for At {
    fn encode_by_ref(&self, buffer: &mut SqliteArgumentsBuffer) -> Result<IsNull, BoxDynError> {
        Encode::<Sqlite>::encode_by_ref(&self.0.0, buffer)
    }
}

impl<'r> Decode<'r, Sqlite> for At {
    fn decode(value: SqliteValueRef<'r>) -> Result<Self, BoxDynError> {
        Ok(Self(Timestamp(Decode::<Sqlite>::decode(value)?)))
    }
}

/// A document, as JSON text.
pub(super) struct Document(pub(super) String);

impl Type<Sqlite> for Document {
    fn type_info() -> SqliteTypeInfo {
        <String as Type<Sqlite>>::type_info()
    }
    fn compatible(kept: &SqliteTypeInfo) -> bool {
        <String as Type<Sqlite>>::compatible(kept)
    }
}

impl Encode<'_, Sqlite> for Document {
    fn encode_by_ref(&self, buffer: &mut SqliteArgumentsBuffer) -> Result<IsNull, BoxDynError> {
        Encode::<Sqlite>::encode_by_ref(&self.0, buffer)
    }
}

impl<'r> Decode<'r, Sqlite> for Document {
    fn decode(value: SqliteValueRef<'r>) -> Result<Self, BoxDynError> {
        Ok(Self(Decode::<Sqlite>::decode(value)?))
    }
}

/// A page of rows, as JSON text. What somebody wrote into a cell may be no UTF-8.
pub(super) struct Page(pub(super) String);

impl Type<Sqlite> for Page {
    fn type_info() -> SqliteTypeInfo {
        <String as Type<Sqlite>>::type_info()
    }
    fn compatible(kept: &SqliteTypeInfo) -> bool {
        <String as Type<Sqlite>>::compatible(kept)
    }
}

impl<'r> Decode<'r, Sqlite> for Page {
    fn decode(value: SqliteValueRef<'r>) -> Result<Self, BoxDynError> {
        let bytes: &[u8] = Decode::<Sqlite>::decode(value)?;
        Ok(Self(String::from_utf8_lossy(bytes).into_owned()))
    }
}
