//! Definitions of a store, as changes need them.

use serde_json::{Value, json};

use crate::assign::StoredSets;

/// Reads the JSON of a set as a group of its own, with another share if there is one. It has no groups, so
/// its set passes for one that is alone.
pub(crate) fn alone(json: &str, share: Option<f64>) -> serde_json::Result<StoredSets> {
    let mut set: Value = serde_json::from_str(json)?;
    if let (Some(share), Some(fields)) = (share, set.as_object_mut()) {
        fields.insert("share".to_owned(), json!(share));
    }
    serde_json::from_value(json!({
        "name": set["name"],
        "bucketing": set.get("bucketing").unwrap_or(&json!("v1")),
        "sets": [set],
    }))
}
