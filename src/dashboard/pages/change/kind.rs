//! The acts that pages offer.

use crate::control::{Act, Snapshot};

/// An act, before its values are known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::dashboard::pages) enum Kind {
    Pause,
    Resume,
    Share,
    Ramp,
    Close,
    Ship,
    Exclude,
    Reset,
    Approve,
}

use Kind::{Approve, Close, Exclude, Pause, Ramp, Reset, Resume, Share, Ship};

/// All acts, in the order of their buttons.
const ALL: [Kind; 9] = [
    Pause, Resume, Share, Ramp, Close, Ship, Exclude, Reset, Approve,
];

impl Kind {
    /// Returns the act of a name, such as `pause`.
    pub(super) fn named(name: &str) -> Option<Self> {
        ALL.into_iter().find(|kind| kind.name() == name)
    }

    /// Returns the name, which is that of [`Act::name`].
    pub(in crate::dashboard::pages) fn name(self) -> &'static str {
        match self {
            Pause => "pause",
            Resume => "resume",
            Share => "share",
            Ramp => "ramp",
            Close => "close",
            Ship => "ship",
            Exclude => "exclude",
            Reset => "reset",
            Approve => "approve",
        }
    }

    /// Returns the words of its button.
    pub(in crate::dashboard::pages) fn label(self) -> &'static str {
        match self {
            Pause => "Pause",
            Resume => "Resume",
            Share => "Set the share",
            Ramp => "Ramp up",
            Close => "Close the enrolment",
            Ship => "Ship a track",
            Exclude => "Exclude a span",
            Reset => "Reset to the code",
            Approve => "Approve",
        }
    }

    /// Returns what it does, in one or two sentences.
    pub(super) fn explanation(self) -> &'static str {
        match self {
            Pause => {
                "During a pause, every request gets control, and none is counted. No unit moves to another track."
            }
            Resume => "The pause ends. Each unit gets the track that it had before.",
            Share => {
                "A larger share lets more units in. A smaller one lets the last ones out, in every track alike: \
                 they still count, so the measured effect becomes smaller. To enrol no more units, close \
                 the enrolment instead."
            }
            Ramp => {
                "The share rises by the clock, on all nodes together. Before the first step, it stays as it is."
            }
            Close => "Units that are exposed later are served as before, but not analysed.",
            Ship => {
                "The test ends: every eligible request gets one track, also of bots and without consent. Nothing \
                 is recorded."
            }
            Exclude => {
                "Units whose first exposure is in the span are left out of the analysis, in every track alike, \
                 as after an outage."
            }
            Reset => {
                "Only the code decides: no earlier change of the set counts any longer, a close and excluded spans included."
            }
            Approve => "The change comes into force. Its author cannot approve it.",
        }
    }

    /// Returns whether values have to be entered before it is known what it does.
    pub(super) fn has_values(self) -> bool {
        matches!(self, Share | Ramp | Ship | Exclude)
    }

    /// Returns the acts that are possible now, apart from approvals.
    pub(in crate::dashboard::pages) fn possible(snapshot: &Snapshot) -> impl Iterator<Item = Self> {
        ALL.into_iter().filter(|kind| kind.is_possible(snapshot))
    }

    fn is_possible(self, snapshot: &Snapshot) -> bool {
        let state = &snapshot.state;
        // The rules decide, so a button never leads to a refusal. The values are any that are valid.
        let is_valid = |act| snapshot.outlook(act, "anybody").is_ok();
        let is_running = state.shipped.is_none();
        match self {
            Pause => state.paused.is_none(),
            Resume => state.paused.is_some(),
            Share | Ramp => {
                let over = snapshot.set.share();
                is_running && is_valid(Act::Share { share: over, over })
            }
            Close => is_running && state.closed_at.is_none(),
            Ship => snapshot.set.tracks().iter().any(|track| {
                let track = track.name().to_owned().into();
                is_valid(Act::Ship { track })
            }),
            Exclude => true,
            Reset => {
                let mut in_code = snapshot.in_code();
                // Numbers of changes without effect are no reason for a reset.
                in_code.last = state.last;
                in_code.void.clone_from(&state.void);
                in_code.pending.clone_from(&state.pending);
                *state != in_code
            }
            Approve => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_those_of_the_acts() {
        let acts = [
            Act::Pause,
            Act::Resume,
            Act::Share {
                share: 0.5,
                over: 1.0,
            },
            Act::Ramp {
                steps: Vec::new(),
                over: 1.0,
            },
            Act::Close,
            Act::Ship {
                track: "long".into(),
            },
            Act::Exclude {
                from: Default::default(),
                until: Default::default(),
            },
            Act::Reset,
            Act::Approve { change: 1 },
        ];
        assert_eq!(ALL.map(Kind::name), acts.map(|act| act.name()));
        let named = ALL.map(|kind| Kind::named(kind.name()));
        assert_eq!(named, ALL.map(Some));
        assert_eq!(Kind::named("PAUSE"), None);
    }
}
