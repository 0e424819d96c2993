//! What a change does, in words.

use crate::{control::Act, report::Utc};

use super::facets::steps_in_words;

/// Returns what an act does, with all of its values.
pub(in crate::dashboard) fn in_words(act: &Act) -> String {
    match act {
        Act::Ramp { steps, .. } => format!("ramp: {}", steps_in_words(steps)),
        Act::Exclude { from, until } => {
            format!("exclude from {} until {}", Utc(*from), Utc(*until))
        }
        _ => act.to_string(),
    }
}
