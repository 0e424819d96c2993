//! The notices of a phase. Many goals may have the same notice, so each kind is shown once.

use crate::{
    figures::count,
    report::{Notice, PhaseReport},
};

use super::words::begun;

/// Returns the notices of a phase: the first of each kind, with the number of further ones.
pub(in crate::dashboard) fn notices(phase: &PhaseReport) -> Vec<String> {
    let mut kinds: Vec<(&Notice, u64)> = Vec::new();
    for notice in &phase.notices {
        let mut known = kinds.iter_mut();
        match known.find(|(first, _)| first.kind == notice.kind) {
            Some((_, more)) => *more += 1,
            None => kinds.push((notice, 0)),
        }
    }
    kinds.into_iter().map(sentence).collect()
}

/// Returns a notice with its goal and track, and the number of similar ones.
fn sentence((notice, more): (&Notice, u64)) -> String {
    let place = [&notice.goal, &notice.track].map(Option::as_deref);
    let place: Vec<&str> = place.into_iter().flatten().collect();
    let more = match more {
        0 => String::new(),
        more => format!(" (and {} more of this kind)", count(more)),
    };
    let sentence = format!("{}{more}", notice.sentence);
    match place.is_empty() {
        true => begun(&sentence),
        // A name keeps its letters.
        false => format!("{}: {sentence}.", place.join(", ")),
    }
}
