use serde::{Deserialize, Serialize};

use super::phase::PhaseReport;
use crate::{
    report::{facts::PhaseFacts, isolated::isolated},
    store::PhaseName,
};

/// What a store knows of its sets: one part for each phase.
///
/// See the [module docs](crate::report).
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub struct Report {
    /// The phases, by the name of their set, then by number. Each says of when it is.
    pub phases: Vec<PhaseReport>,
    /// The phases of which nothing could be said.
    pub unread: Vec<Unread>,
    /// What the store has that no report is of, as sentences: rows that
    /// [are not allowed](crate::store::Store::invalid_rows).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub invalid: Vec<String>,
}

/// A phase of which nothing could be said.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub struct Unread {
    /// The name of the set.
    pub set: String,
    /// The number of the phase.
    pub phase: u32,
    /// Why, in words.
    pub why: String,
}

impl Report {
    /// Computes the report of phases from their facts. A phase whose report cannot be computed is in
    /// [`unread`](Self::unread).
    pub fn of(facts: &[PhaseFacts]) -> Self {
        let mut report = Self::default();
        for facts in facts {
            match isolated(|| PhaseReport::of(facts)) {
                Ok(phase) => report.phases.push(phase),
                Err(error) => report.unread.push(Unread::new(&facts.phase.name, &error)),
            }
        }
        report
    }

    /// Returns the latest phase of a set.
    pub fn latest(&self, set: &str) -> Option<&PhaseReport> {
        let of_set = self.phases.iter().filter(|phase| phase.set == set);
        of_set.max_by_key(|phase| phase.phase)
    }

    /// Returns one phase of a set.
    pub fn phase(&self, set: &str, number: u32) -> Option<&PhaseReport> {
        let is_it = |phase: &&PhaseReport| phase.set == set && phase.phase == number;
        self.phases.iter().find(is_it)
    }
}

impl Unread {
    pub(in crate::report) fn new(phase: &PhaseName, why: &impl ToString) -> Self {
        Self {
            set: phase.set.to_string(),
            phase: phase.phase,
            why: why.to_string(),
        }
    }
}
