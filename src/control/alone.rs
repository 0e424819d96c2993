//! Definitions of a store, as changes need them.

use serde_json::{Value, json};

use crate::assign::StoredSets;

/// Reads the JSON of a set as a group of its own. It has no groups, so its set passes for one that is alone.
pub(crate) fn alone(json: &str) -> serde_json::Result<StoredSets> {
    let set: Value = serde_json::from_str(json)?;
    serde_json::from_value(json!({
        "name": set["name"],
        "bucketing": set.get("bucketing").unwrap_or(&json!("v1")),
        "sets": [set],
    }))
}
