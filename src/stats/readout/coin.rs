//! A check of recording: two halves of one track must not differ.

use super::{Missing, SetCounts, TrackCounts, Warning, crossed::test};

/// Compares the two halves by the coin inside each track on each goal.
///
/// Nothing distinguishes them, so that a significant difference says that recording or the goal is
/// broken. It is the comparison that tracks get, with alpha shared among all.
pub(super) fn coin_warnings(counts: &SetCounts) -> Vec<Warning> {
    let cells = counts.goals.iter().enumerate().flat_map(|(goal, cells)| {
        let cells = cells.cells.iter().enumerate();
        cells.filter_map(move |(track, cell)| Some((goal, track, halves(cell)?)))
    });
    // All pairs are found first, since alpha is shared among as many as there are.
    let cells: Vec<_> = cells.collect();
    let Some(test) = test(cells.len()) else {
        return Vec::new();
    };
    let warning = |(goal, track, [heads, tails]): (usize, usize, [TrackCounts; 2])| {
        // Which half is the control does not matter: only whether they differ does.
        let comparison = tails.counted.compare(&heads.counted, &test).ok()?;
        let p = comparison.p;
        let differs = comparison.is_significant();
        differs.then_some(Warning::Coin { goal, track, p })
    };
    cells.into_iter().filter_map(warning).collect()
}

/// The halves, if they are large enough to be compared.
fn halves(cell: &TrackCounts) -> Option<[TrackCounts; 2]> {
    let halves = cell.halves?.map(TrackCounts::from);
    let [heads, tails] = &halves;
    Missing::of(heads, tails).is_none().then_some(halves)
}
