//! A check of recording: two halves of one track must not differ.

use super::{Cell, Missing, SetCounts, Warning};
use crate::stats::Test;

/// The alpha of all comparisons by the coin together: a false alarm costs trust.
const ALPHA: f64 = 0.01;

/// Compares the two halves by the coin inside each track on each goal.
///
/// Nothing distinguishes them, so that a significant difference says that recording or the goal is
/// broken. It is the comparison that tracks get, always valid, since a warning is looked at all the
/// time, with alpha shared among all (Bonferroni).
pub(super) fn coin_warnings(counts: &SetCounts) -> Vec<Warning> {
    let cells = || {
        counts.goals.iter().enumerate().flat_map(|(goal, cells)| {
            let cells = cells.cells.iter().enumerate();
            cells.filter_map(move |(track, cell)| Some((goal, track, halves(cell)?)))
        })
    };
    let comparisons = u32::try_from(cells().count()).unwrap_or(u32::MAX);
    let Ok(test) = Test::always_valid(ALPHA) else {
        return Vec::new();
    };
    let test = test.among(comparisons);
    let warning = |(goal, track, [heads, tails]): (usize, usize, [Cell; 2])| {
        // Which half is the control does not matter: only whether they differ does.
        let comparison = tails.counted.compare(&heads.counted, &test).ok()?;
        let p = comparison.p;
        let differs = comparison.is_significant();
        differs.then_some(Warning::Coin { goal, track, p })
    };
    cells().filter_map(warning).collect()
}

/// The halves, if they are large enough to be compared.
fn halves(cell: &Cell) -> Option<[Cell; 2]> {
    let halves = cell.halves?.map(Cell::from);
    let [heads, tails] = &halves;
    Missing::of(heads, tails).is_none().then_some(halves)
}
