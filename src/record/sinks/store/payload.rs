//! Records that are set aside, as JSON.

use serde_json::json;

use crate::{record::sinks::record::Record, store::Timestamp};

/// Returns a record as JSON, with units instead of keys, for a person to inspect.
pub(super) fn of(record: &Record) -> String {
    let payload = match record {
        Record::Exposure { exposure, unit } => json!({
            "exposure": {
                "set": exposure.set(),
                "phase": exposure.choice().phase(),
                "track": exposure.track(),
                "unit": unit.to_string(),
                "at": Timestamp::from(exposure.at()).as_micros(),
            }
        }),
        Record::Conversion {
            conversion, unit, ..
        } => json!({
            "conversion": {
                "goal": conversion.goal().as_str(),
                "unit": unit.to_string(),
                "value": conversion.micros(),
                "at": Timestamp::from(conversion.at()).as_micros(),
            }
        }),
        Record::Alias {
            alias,
            visitor,
            user,
        } => json!({
            "alias": {
                "visitor": visitor.to_string(),
                "user": user.to_string(),
                "at": Timestamp::from(alias.at()).as_micros(),
            }
        }),
    };
    payload.to_string()
}
