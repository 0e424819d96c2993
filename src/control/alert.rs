use std::{fmt, sync::Arc};

use crate::store::StoreError;

use super::{change::Change, log::Malformed, void::Void};

/// Something that a person may want to know at once.
///
/// [`ControlsBuilder::notify`](super::ControlsBuilder::notify) takes a closure that gets each of them.
/// `Display` is a sentence for a message.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum Alert {
    /// A change was made, here or on another node.
    Changed(Change),
    /// A change has no effect in this program.
    Void(Change, Void),
    /// A change of the log cannot be read.
    Malformed(Malformed),
    /// The log cannot be read. What was in force stays in force. It comes once, until a read succeeds.
    Stale(Arc<StoreError>),
    /// The log can be read again.
    Fresh,
    /// The log has lost changes, as by a backup that was restored. What was in force stays in force until
    /// a person decides, by [`Controls::accept_log`](super::Controls::accept_log).
    Regressed {
        /// The highest number that was known.
        known: u64,
        /// The highest number of the log now.
        last: u64,
    },
}

impl fmt::Display for Alert {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Changed(change) => change.fmt(f),
            Self::Void(change, void) => write!(f, "{change}: no effect, since {void}"),
            Self::Malformed(malformed) => {
                let Malformed { number, message } = malformed;
                write!(f, "change {number} cannot be read: {message}")
            }
            Self::Stale(error) => write!(f, "the log of changes cannot be read: {error}"),
            Self::Fresh => f.write_str("the log of changes can be read again"),
            Self::Regressed { known, last } => write!(
                f,
                "the log of changes ends at change {last}, but change {known} was in force: it may be an \
                 older backup; what was in force stays, and sets can only be paused, until the log is accepted"
            ),
        }
    }
}
