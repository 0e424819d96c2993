//! The notices of a phase. Many goals may have the same notice, so each kind is shown once.

use crate::{
    figures::count,
    report::{Notice, PhaseReport},
};

use super::words::begun;

/// A notice in words.
#[derive(Debug)]
pub(in crate::dashboard) struct NoticeView {
    pub(in crate::dashboard) sentence: String,
    /// Whether it has to be cleared up before a decision.
    pub(in crate::dashboard) blocks: bool,
}

/// Returns the notices of a phase: the first of each kind, with the number of further ones. Those that have to
/// be cleared up come first.
pub(in crate::dashboard) fn notices(phase: &PhaseReport) -> Vec<NoticeView> {
    // Where nothing is waited for, open windows would sound like a reason to wait.
    let is_over = phase.covered.is_some() || phase.decision.is_some() || phase.shipped.is_some();
    let mut kinds: Vec<(&Notice, u64)> = Vec::new();
    for notice in &phase.notices {
        if is_over && notice.kind == "open-windows" {
            continue;
        }
        let mut known = kinds.iter_mut();
        match known.find(|(first, _)| first.kind == notice.kind) {
            Some((_, more)) => *more += 1,
            None => kinds.push((notice, 0)),
        }
    }
    kinds.sort_by_key(|(notice, _)| !notice.blocks);
    let view = |(notice, more): (&Notice, u64)| NoticeView {
        sentence: sentence((notice, more)),
        blocks: notice.blocks,
    };
    kinds.into_iter().map(view).collect()
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
