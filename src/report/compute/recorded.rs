//! Recorded goals that no plan names, and planned goals whose conversions are missing or belong to no
//! exposed unit: usually misspelt.

use crate::{
    event::Goal,
    figures::count,
    report::{IntentSource, Notice, facts::PhaseFacts, plan::Defined, total::total},
    store::AskedGoal,
};

/// The number of goals that one sentence names.
const MOST: usize = 5;

/// The number of unmatched conversions from which there is a notice.
const LEAST: u64 = 10;

/// The goals of a phase, to compare them with the conversions that were recorded.
pub(super) struct RecordedGoals<'a> {
    facts: &'a PhaseFacts,
    asked: Vec<AskedGoal>,
    /// The share of the units that take part in the set: of the conversions, no more can match.
    share: f64,
}

/// Returns the notice about the goals that were recorded since the first exposure of a phase and are
/// in no plan.
pub(super) fn unplanned(facts: &PhaseFacts) -> Option<Notice> {
    let (first_exposure, _) = facts.attribution.exposed?;
    let since = first_exposure.day();
    let goals = facts.unplanned.iter();
    let goals: Vec<&Goal> = goals.filter(|goal| has(facts, goal, since)).collect();
    let named = goals.iter().take(MOST);
    let named = named.map(|goal| format!("{:?}", goal.as_str()));
    let named = named.collect::<Vec<_>>().join(", ");
    let more = match goals.len().saturating_sub(MOST) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    let sentence = match goals.len() {
        0 => return None,
        1 => format!(
            "the goal {named} is recorded but is in no plan; add it to a plan, or correct the name \
             where it is recorded"
        ),
        _ => format!(
            "the goals {named}{more} are recorded but are in no plan; add them to a plan, or \
             correct their names where they are recorded"
        ),
    };
    Some(Notice::new("unplanned-goals", sentence))
}

impl<'a> RecordedGoals<'a> {
    /// Returns the goals of a phase. The share is that of the latest definition that can be read.
    pub(super) fn of(facts: &'a PhaseFacts) -> Self {
        let share = Defined::latest(&facts.phase).and_then(|defined| defined.share);
        Self {
            facts,
            asked: facts.plan.question(&facts.phase.name, facts.as_of).goals,
            share: share.unwrap_or(1.0).clamp(0.0, 1.0),
        }
    }

    /// Returns the notice about a goal, or one that it is divided by, that was never recorded.
    pub(super) fn never_recorded(&self, goal: usize) -> Option<Notice> {
        self.facts.attribution.exposed?;
        if self.facts.plan.source() != IntentSource::Plan {
            return None;
        }
        self.facts.conversions.as_ref()?;
        let mut goals = self.asked.get(goal)?.goals();
        let missing = goals.find(|goal| !has(self.facts, goal, i32::MIN))?;
        let sentence = format!(
            "no conversion of {:?} was ever recorded; check that the program records it, under \
             this name",
            missing.as_str()
        );
        Some(Notice::new("never-recorded", sentence))
    }

    /// Returns the notice about the conversions of a goal that belong to no unit that was exposed
    /// before them, if that is more than half of those that should.
    ///
    /// Conversions are counted from the day after the first exposure on, and all matched ones are
    /// taken away from them, so that the number is rather too small. Where a part of the units takes
    /// part, as many of the conversions are expected to match.
    pub(super) fn unmatched(&self, goal: usize) -> Option<Notice> {
        // Conversions are counted by days of UTC, whatever the days of the report.
        let (first_exposure, _) = self.facts.attribution.exposed?;
        let first_day = first_exposure.day();
        let name = &self.asked.get(goal)?.goal;
        let later = (name.clone(), first_day.checked_add(1)?)..=(name.clone(), i32::MAX);
        let conversions = self.facts.conversions.as_ref()?;
        let all = total(conversions.range(later).map(|(_, n)| *n));
        let matched = self.facts.attribution.goals.get(goal)?.matched;
        let expected = all as f64 * self.share;
        let unmatched = all.saturating_sub(matched);
        let is_striking = unmatched >= LEAST && (matched as f64) < expected / 2.0;
        is_striking.then(|| {
            let sentence = format!(
                "{} conversions belong to no unit that was exposed before; look for a misspelt \
                 goal, a sign-in without an alias, or a goal recorded before the track is read",
                count(unmatched)
            );
            Notice::blocking("unmatched", sentence)
        })
    }
}

/// Returns whether a goal was recorded on a day of UTC or later.
fn has(facts: &PhaseFacts, goal: &Goal, since: i32) -> bool {
    let days = (goal.clone(), since)..=(goal.clone(), i32::MAX);
    let mut conversions = facts.conversions.iter();
    conversions.any(|conversions| conversions.range(days.clone()).next().is_some())
}
