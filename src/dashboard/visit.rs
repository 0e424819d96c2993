//! Admitted requests, and the levels of access that routes require.

use std::{sync::Arc, time::Duration};

use axum::response::Response;

use crate::store::Timestamp;

use super::{Access, board::Board, known::Known, responses::forbidden};

/// What a route requires, and what a request has; each includes those before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Level {
    /// Nothing about a single unit.
    Numbers,
    /// Keys, pseudonyms and look-ups.
    Read,
    /// What changes something.
    Act,
}

impl Level {
    /// Returns why a request below this level is refused.
    pub(super) fn refusal(self) -> &'static str {
        match self {
            Self::Numbers => "You may not see this page.",
            Self::Read => "You may see numbers, but not units.",
            Self::Act => "You may look, but not make changes or links.",
        }
    }
}

/// An admitted request, with the state that its response shows.
#[derive(Clone)]
pub(super) struct Visit {
    pub(super) board: Arc<Board>,
    /// The report that was the latest when the request was admitted.
    pub(super) known: Arc<Known>,
    pub(super) who: Who,
}

impl Visit {
    /// Returns a sentence if the shown numbers are old. The patience is two intervals and a minute:
    /// a slow store alone is no reason for a warning.
    pub(super) fn missing(&self) -> Option<String> {
        let patience = self.board.refresh.saturating_mul(2);
        let patience = patience.saturating_add(Duration::from_secs(60));
        let missing = self.known.missing(Timestamp::now(), patience)?;
        Some(match (&self.known.trouble, &self.board.recorder) {
            (Some(_), Some(_)) => format!("{missing} Facts wait in the recorder's queue."),
            _ => missing,
        })
    }
}

/// The sender of an admitted request: the level, and the name that the log of pauses shows.
#[derive(Debug, Clone)]
pub(super) struct Who {
    pub(super) level: Level,
    /// The name of a user who may act; `None` at the other levels.
    pub(super) name: Option<Arc<str>>,
}

impl Who {
    /// Returns the sender with this access. Without access it is an error, with the response: that of
    /// the application if there is one.
    pub(super) fn of(access: Access) -> Result<Self, Box<Response>> {
        let (level, name) = match access {
            Access::None => return Err(Box::new(forbidden(Level::Numbers.refusal()))),
            Access::Refused(response) => return Err(Box::new(response)),
            Access::Numbers => (Level::Numbers, None),
            Access::Read => (Level::Read, None),
            Access::Act(name) => (Level::Act, Some(name.into())),
        };
        Ok(Self { level, name })
    }
}
