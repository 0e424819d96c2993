//! The second with the most new units of one track: in a mismatch, it often points to a script.

use crate::{
    figures::count,
    report::{Health, Notice, Utc, facts::PhaseFacts, total::total},
    store::BusiestSecond,
};

/// The smallest number of units in one second for a notice.
const LEAST: u64 = 20;

/// The factor by which the second must exceed the average.
const TIMES: u128 = 10;

/// Microseconds in a second.
const SECOND: u128 = 1_000_000;

/// Returns the notice about the second with the most units, such as from a script, if it is striking
/// and there is a sample ratio mismatch.
pub(super) fn busiest(facts: &PhaseFacts, health: &Health) -> Option<Notice> {
    let busiest = facts.busiest.as_ref()?;
    if !health.is_mismatch() || busiest.units < LEAST || !is_striking(facts, busiest)? {
        return None;
    }
    let at = Utc(busiest.at).to_rfc3339();
    let at = at.split('.').next()?.replace('T', " ");
    let sentence = format!(
        "{} units were first exposed in one second, at {at} UTC, more than ten times as many as on \
         average; look in the access log for what sent them",
        count(busiest.units)
    );
    Some(Notice::new("busiest-second", sentence).of_track(&busiest.track.track))
}

/// Returns whether a second has more than ten times the average number of new units, from the first
/// exposure to the last. The comparison is in integers.
fn is_striking(facts: &PhaseFacts, busiest: &BusiestSecond) -> Option<bool> {
    let (first, last) = facts.attribution.exposed?;
    let micros = u128::from(last.as_micros().abs_diff(first.as_micros()));
    let units = total(facts.attribution.units.values().copied());
    let seconds = micros / SECOND + 1;
    Some(u128::from(busiest.units) * seconds > TIMES * u128::from(units))
}
