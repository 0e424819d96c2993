//! Whether a state gives more requests another track than control.

use super::{code::Code, state::State};

/// Whether more requests get another track than control: at once, or when a pause ends. Another shipped
/// track is more, too.
pub(super) fn raises(code: Code<'_>, before: &State, after: &State) -> bool {
    let resumes = before.paused.is_some() && after.paused.is_none();
    match (reach(code, before), reach(code, after)) {
        (was, Reach::Everybody(track)) => resumes || was != Reach::Everybody(track),
        (Reach::Share(was), Reach::Share(share)) => share > was || resumes && share > 0.0,
        (Reach::Everybody(_), Reach::Share(share)) => resumes && share > 0.0,
    }
}

/// Which requests get another track than control, unless the set is paused.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Reach {
    /// All eligible ones get the track of this index.
    Everybody(usize),
    /// Those of a share of the units.
    Share(f64),
}

fn reach(code: Code<'_>, state: &State) -> Reach {
    let is_control = |track: usize| {
        let track = code.set().tracks().get(track);
        track.is_none_or(|track| track.is_control())
    };
    match state.shipped {
        Some(shipped) if is_control(shipped.track) => Reach::Share(0.0),
        Some(shipped) => Reach::Everybody(shipped.track),
        None => Reach::Share(state.share),
    }
}
