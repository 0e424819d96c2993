//! Whether the log of changes can be read, in words.

use crate::{
    control::{Controls, Health},
    report::Utc,
};

/// Returns why the shown changes may not be the latest; `None` if the log could be read.
pub(super) fn trouble(controls: &Controls) -> Option<String> {
    let (health, read_at) = controls.health();
    Some(match (health, read_at) {
        (Health::Fresh, _) => return None,
        (Health::Unread | Health::Unreadable, Some(at)) => format!(
            "The log of changes was not read since this program started. What was in force at {} stays in \
             force.",
            Utc(at)
        ),
        (Health::Unread | Health::Unreadable, None) => {
            "The log of changes was not read since this program started, so no change is known.".to_owned()
        }
        (Health::Stale, at) => {
            let since = at.map(|at| format!(" since {}", Utc(at)));
            format!(
                "The log of changes cannot be read{}. These changes are the last known, and stay in force.",
                since.unwrap_or_default()
            )
        }
        (Health::Regressed, _) => {
            "The log of changes has lost changes, as by a backup that was restored. These changes are the \
             last known. They stay in force, and sets can only be paused, until the program accepts the log."
                .to_owned()
        }
    })
}
