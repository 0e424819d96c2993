//! What users may want in a JSON of their own.

use serde::{Serialize, Serializer};

use super::{lost_reason::LostReason, timestamp::Timestamp};

/// Writes the microseconds since 1970, as the tables have them.
impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_i64(self.as_micros())
    }
}

/// Writes the reason as it is recorded, such as `queue-full`.
impl Serialize for LostReason {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}
