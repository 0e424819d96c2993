//! Times as PostgreSQL has them. They are sent in binary, because the text of a time depends on the
//! settings of a session.
//!
//! The type counts microseconds from 2000-01-01 and begins in 4714 BC.

use sqlx::{
    Decode, Encode, Postgres, Type,
    encode::IsNull,
    error::BoxDynError,
    postgres::{PgArgumentBuffer, PgHasArrayType, PgTypeInfo, PgValueRef, types::Oid},
};

use crate::store::timestamp::Timestamp;

/// Microseconds from 1970 to 2000, where PostgreSQL begins to count.
const EPOCH: i64 = 946_684_800_000_000;

/// The first moment of the type, in 4714 BC. After the last that 64 bits hold it goes on.
const FIRST: i64 = -211_813_488_000_000_000;

/// A point in time in a column of the type `timestamptz`, in microseconds since 2000.
///
/// A time before the type begins is `-infinity`, and comes back as the earliest [`Timestamp`]. To
/// refuse it would hold up the batch that it is in. Of two times the earlier stays the earlier or
/// becomes as early, so which fact is the earliest does not depend on the order in which they come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Moment(i64);

impl From<Timestamp> for Moment {
    fn from(time: Timestamp) -> Self {
        match time.as_micros().checked_sub(EPOCH) {
            Some(micros) if micros >= FIRST => Self(micros),
            _ => Self(i64::MIN),
        }
    }
}

impl Moment {
    /// Returns the time since 1970.
    pub(super) fn time(self) -> Timestamp {
        match self.0 {
            i64::MIN => Timestamp::MIN,
            // Only others than this crate write times that are too late.
            micros => Timestamp::from_micros(micros.saturating_add(EPOCH)),
        }
    }
}

/// Returns a time as it comes back from the database.
pub(super) fn stored(time: Timestamp) -> Timestamp {
    Moment::from(time).time()
}

// The numbers are those of `pg_type`, the same on every server.

impl Type<Postgres> for Moment {
    fn type_info() -> PgTypeInfo {
        PgTypeInfo::with_oid(Oid(1184))
    }
}

impl PgHasArrayType for Moment {
    fn array_type_info() -> PgTypeInfo {
        PgTypeInfo::with_oid(Oid(1185))
    }
}

impl Encode<'_, Postgres> for Moment {
    fn encode_by_ref(&self, buffer: &mut PgArgumentBuffer) -> Result<IsNull, BoxDynError> {
        buffer.extend_from_slice(&self.0.to_be_bytes());
        Ok(IsNull::No)
    }
}

impl Decode<'_, Postgres> for Moment {
    fn decode(value: PgValueRef<'_>) -> Result<Self, BoxDynError> {
        Ok(Self(i64::from_be_bytes(value.as_bytes()?.try_into()?)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stored(micros: i64) -> i64 {
        let moment = Moment::from(Timestamp::from_micros(micros));
        moment.time().as_micros()
    }

    #[test]
    fn times_come_back() {
        for micros in [0, -1, 1, EPOCH, FIRST + EPOCH, i64::MIN, i64::MAX] {
            assert_eq!(stored(micros), micros);
        }
    }

    #[test]
    fn times_before_the_type_begins_are_the_earliest() {
        assert_eq!(stored(FIRST + EPOCH - 1), i64::MIN);
        assert_eq!(stored(i64::MIN + 1), i64::MIN);
    }
}
