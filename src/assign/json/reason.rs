use serde::{Serialize, Serializer};

use crate::assign::pick::Reason;

/// Writes the reason as it is recorded, such as `bucketed`.
impl Serialize for Reason {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}
