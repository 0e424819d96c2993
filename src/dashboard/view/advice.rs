use crate::report::VerdictKind;

use VerdictKind::{
    Better, Collecting, Crossed, Hint, Mismatch, NotFound, Stray, Unanswered, Worse,
};

use super::Rank;

/// Returns the state of a set in a word or two, and its group in the list.
pub(super) fn state(kind: VerdictKind) -> (&'static str, Rank) {
    match kind {
        Mismatch => ("mismatch", Rank::Untrusted),
        Stray => ("stray units", Rank::Untrusted),
        Crossed => ("crossed units", Rank::Untrusted),
        Collecting => ("collecting", Rank::Early),
        Unanswered => ("no answer", Rank::Early),
        Better => ("better", Rank::Found),
        Worse => ("worse", Rank::Found),
        Hint => ("a hint", Rank::Found),
        NotFound => ("no difference found", Rank::Open),
    }
}

/// Returns what to do; `is_final` once a plan is reached, or where there is none.
pub(super) fn advice(kind: VerdictKind, is_final: bool) -> &'static str {
    match (kind, is_final) {
        (Mismatch, _) => {
            "Find what loses units of one track: a redirect, a cache, an error, a bot filter. \
             Then start a new phase."
        }
        (Stray, _) => "Find what exposes units to a track that nobody should be in.",
        (Crossed, _) => "Find why units change tracks: a changed weight, or keys that do not last.",
        (Better, true) => "It can be rolled out. The interval says how much to expect.",
        (Better, false) => "The difference holds at every look; the plan is not reached yet.",
        (Worse, _) => "Pause it, or end it and keep control.",
        (Hint, _) => "Confirm it in a new phase with this one goal.",
        (NotFound, true) => {
            "Go on while a smaller effect would matter to you; else end it and keep control."
        }
        (NotFound, false) => "Go on until the plan is reached.",
        _ => "Wait. To decide now would be to guess.",
    }
}
