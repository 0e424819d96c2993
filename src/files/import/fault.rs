//! The faults of lines. The kind of a fault is counted, so that a summary shows what to correct:
//! the format of the log, or the sets.

use crate::header::DecodeError;

use super::draft::Reason;

/// The fault of a line.
pub(super) struct Fault {
    pub(super) kind: FaultKind,
    pub(super) reason: Reason,
}

/// The kind of a fault, with a count of its own.
#[derive(Debug, Clone, Copy)]
pub(super) enum FaultKind {
    /// The header is malformed, or not where the format has it.
    Header,
    /// A name in the header is invalid.
    Name,
    /// A track in the header is unknown.
    Track,
    /// Any other fault, which is counted only among all bad lines.
    Other,
}

impl FaultKind {
    /// Returns a fault of this kind.
    pub(super) fn with(self, reason: impl Into<Reason>) -> Fault {
        let reason = reason.into();
        Fault { kind: self, reason }
    }
}

impl From<Reason> for Fault {
    fn from(reason: Reason) -> Self {
        FaultKind::Other.with(reason)
    }
}

impl From<DecodeError> for Fault {
    fn from(error: DecodeError) -> Self {
        let kind = match error {
            DecodeError::Set { .. } | DecodeError::Track { .. } => FaultKind::Name,
            _ => FaultKind::Header,
        };
        kind.with(error.to_string())
    }
}
