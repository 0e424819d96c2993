use std::{collections::HashSet, time::Duration};

use crate::{
    event::Goal,
    store::{calendar::Calendar, facts::PhaseName, timestamp::Timestamp},
};

/// How long a conversion counts after the first exposure, unless it is said.
const WINDOW: Duration = Duration::from_secs(7 * 24 * 60 * 60);

/// By how much a conversion may be earlier than the exposure, unless it is said: the clocks of
/// two machines differ.
const SKEW: Duration = Duration::from_secs(2);

/// What one wants to know of a phase.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    /// The phase.
    pub phase: PhaseName,
    /// Up to when facts count. What happens at that very time does not.
    pub as_of: Timestamp,
    /// By how much a conversion may be earlier than the first exposure.
    pub skew: Duration,
    /// Where the days of cohorts begin.
    pub calendar: Calendar,
    /// The goals.
    pub goals: Vec<AskedGoal>,
}

/// What one wants to know of a goal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AskedGoal {
    /// The goal; of a ratio that of its numerator.
    pub goal: Goal,
    /// What is counted.
    pub measure: Measure,
    /// How long after the first exposure conversions begin to count.
    pub window_from: Duration,
    /// How long after the first exposure conversions cease to count.
    pub window: Duration,
    /// The most that counts of one unit, up and down: a number of conversions, or a value in
    /// millionths. For a ratio it caps the numerator.
    pub cap: Option<i64>,
}

/// What is counted of a goal.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Measure {
    /// How many units reached it: those with a conversion whose value is not negative.
    Rate,
    /// How often each unit reached it, or what that was worth in all.
    Total(Amount),
    /// A sum over units, divided by another sum over the same units.
    Ratio {
        /// What of the goal is summed.
        numerator: Amount,
        /// The goal that is divided by.
        goal: Goal,
        /// What of that is summed.
        denominator: Amount,
    },
}

/// What of a goal's conversions is summed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub enum Amount {
    /// How many there are, without those of a negative value.
    Count,
    /// What they are worth, in millionths; those of a negative value are subtracted.
    Value,
}

impl Question {
    /// Returns the question how many were exposed in a phase, with a skew of two seconds and
    /// days of UTC.
    pub fn new(phase: PhaseName, as_of: Timestamp) -> Self {
        Self {
            phase,
            as_of,
            skew: SKEW,
            calendar: Calendar::default(),
            goals: Vec::new(),
        }
    }

    /// Asks for a goal, too.
    pub fn goal(mut self, goal: AskedGoal) -> Self {
        self.goals.push(goal);
        self
    }

    /// Returns the goals of which conversions are needed, each once.
    pub(crate) fn streams(&self) -> Vec<&Goal> {
        let mut known = HashSet::new();
        let goals = self.goals.iter().flat_map(AskedGoal::goals);
        goals.filter(|goal| known.insert(*goal)).collect()
    }
}

impl AskedGoal {
    /// Returns the question about a goal, with a window of seven days and without a cap.
    pub fn new(goal: Goal, measure: Measure) -> Self {
        Self {
            goal,
            measure,
            window_from: Duration::ZERO,
            window: WINDOW,
            cap: None,
        }
    }

    /// Returns from when to when the conversions of a unit count. The skew is of windows that begin
    /// with the exposure.
    pub(super) fn span(&self, first_at: Timestamp, skew: Duration) -> (Timestamp, Timestamp) {
        let begin = match self.window_from {
            Duration::ZERO => first_at.minus(skew),
            from => first_at.plus(from),
        };
        (begin, first_at.plus(self.window))
    }

    /// Returns whether it is about the conversions of a goal.
    pub fn concerns(&self, goal: &Goal) -> bool {
        self.goals().any(|other| other == goal)
    }

    /// Returns the goals whose conversions it is about.
    pub(crate) fn goals(&self) -> impl Iterator<Item = &Goal> {
        let denominator = match &self.measure {
            Measure::Ratio { goal, .. } => Some(goal),
            _ => None,
        };
        std::iter::once(&self.goal).chain(denominator)
    }
}
