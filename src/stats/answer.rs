//! The form of an answer in JSON.

use serde::{Serialize, Serializer, ser::SerializeMap};

use super::NoAnswer;

/// Writes an answer as it is, and the lack of one as `{"no_answer": why}`.
pub(super) fn serialize<T: Serialize, S: Serializer>(
    answer: &Result<T, NoAnswer>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    match answer {
        Ok(answer) => answer.serialize(serializer),
        Err(why) => {
            let mut map = serializer.serialize_map(Some(1))?;
            map.serialize_entry("no_answer", why)?;
            map.end()
        }
    }
}
