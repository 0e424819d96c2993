//! Who moves when a group is edited, measured. The guide `src/docs/movement.md` shows what is
//! measured here, and the tests compare the two.

mod edits;
mod guide;
mod list;
mod pausing;
mod ramping;

use tower_tracks::{Choice, MultiTrackSet, SimpleTrackSet};

/// The keys are the decimal integers below it. A share of them has a standard deviation of at
/// most 0.16 points, and is to be within half a point of what is expected.
const KEYS: u32 = 100_000;

fn three_tracks(name: &str) -> SimpleTrackSet<u8> {
    SimpleTrackSet::new(name).track("a", 1).track("b", 2)
}

/// Returns what a group chooses for each key.
fn choices(group: &MultiTrackSet) -> Vec<Choice<'_>> {
    (0..KEYS).map(|key| group.assign(key, &())).collect()
}

/// Whether a key is counted, by the choices for it before an edit and after.
type Counted = fn(&Choice<'_>, &Choice<'_>) -> bool;

/// Whether the key is in another set, or in another of its tracks.
fn moved(before: &Choice<'_>, after: &Choice<'_>) -> bool {
    (before.set(), before.track()) != (after.set(), after.track())
}

fn all(_: &Choice<'_>, _: &Choice<'_>) -> bool {
    true
}

/// Returns how many of the keys `among` are `counted`, in percent.
fn percent(before: &[Choice<'_>], after: &[Choice<'_>], among: Counted, counted: Counted) -> f64 {
    let pairs = before.iter().zip(after);
    let asked = pairs.filter(|(before, after)| among(before, after));
    let found = asked
        .clone()
        .filter(|(before, after)| counted(before, after));
    100.0 * found.count() as f64 / asked.count() as f64
}

/// Fails when a share is further than half a point from what is expected; where nothing is to
/// move, a single key is too much.
#[track_caller]
fn check(what: &str, measured: f64, expected: f64) {
    let tolerance = if expected == 0.0 { 0.0 } else { 0.5 };
    assert!(
        (measured - expected).abs() <= tolerance,
        "{what}: {measured}% moved, {expected}% were expected"
    );
}
