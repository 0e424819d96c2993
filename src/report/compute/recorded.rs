//! Goals that are recorded but not planned, and planned goals that were never recorded: usually
//! misspelt.

use crate::{
    event::Goal,
    report::{IntentSource, facts::PhaseFacts},
    store::AskedGoal,
};

/// The number of goals that one sentence names.
const MOST: usize = 5;

/// Returns a sentence about the goals that were recorded since the first exposure of a phase and are
/// in no plan.
pub(super) fn unplanned(facts: &PhaseFacts) -> Option<String> {
    let (first_exposure, _) = facts.attribution.exposed?;
    let since = first_exposure.day();
    let goals = facts.unplanned.iter();
    let goals: Vec<&Goal> = goals.filter(|goal| has(facts, goal, since)).collect();
    let named = goals
        .iter()
        .take(MOST)
        .map(|goal| format!("{:?}", goal.as_str()));
    let named = named.collect::<Vec<_>>().join(", ");
    let more = match goals.len().saturating_sub(MOST) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    match goals.len() {
        0 => None,
        1 => Some(format!(
            "the goal {named} is recorded but is in no plan; add it to a plan, or correct the name \
             where it is recorded"
        )),
        _ => Some(format!(
            "the goals {named}{more} are recorded but are in no plan; add them to a plan, or \
             correct their names where they are recorded"
        )),
    }
}

/// Returns a sentence about a planned goal, or one that it is divided by, that was never recorded.
pub(super) fn never_recorded(facts: &PhaseFacts, asked: &AskedGoal) -> Option<String> {
    facts.attribution.exposed?;
    if facts.plan.source() != IntentSource::Plan {
        return None;
    }
    let missing = asked.goals().find(|goal| !has(facts, goal, i32::MIN))?;
    Some(format!(
        "no conversion of {:?} was ever recorded; check that the program records it, under this \
         name",
        missing.as_str()
    ))
}

/// Returns whether a goal was recorded on a day of UTC or later.
fn has(facts: &PhaseFacts, goal: &Goal, since: i32) -> bool {
    let days = (goal.clone(), since)..=(goal.clone(), i32::MAX);
    facts.conversions.range(days).next().is_some()
}
