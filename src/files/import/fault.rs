use crate::header::DecodeError;

use super::draft::Reason;

/// What is wrong with a line.
pub(super) struct Fault {
    pub(super) kind: FaultKind,
    pub(super) reason: Reason,
}

/// What is counted by itself.
#[derive(Debug, Clone, Copy)]
pub(super) enum FaultKind {
    Header,
    Name,
    Track,
    Other,
}

impl FaultKind {
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
