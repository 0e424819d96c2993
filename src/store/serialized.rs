//! What users may want in a JSON of their own.

#[cfg(feature = "control")]
use serde::{Deserialize, Deserializer};
use serde::{Serialize, Serializer};

use super::{lost_reason::LostReason, timestamp::Timestamp};

/// Writes the microseconds since 1970, as the tables have them.
impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_i64(self.as_micros())
    }
}

/// Reads the microseconds since 1970.
#[cfg(feature = "control")]
impl<'de> Deserialize<'de> for Timestamp {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        i64::deserialize(deserializer).map(Self::from_micros)
    }
}

/// Writes the reason as it is recorded, such as `queue-full`.
impl Serialize for LostReason {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}
