//! The report of a store.

use serde::{Deserialize, Serialize};

use super::phase::PhaseReport;
use crate::{
    report::{facts::PhaseFacts, isolated::isolated},
    store::PhaseName,
};

/// The report of a store, with one part for each phase of each set.
///
/// It is plain data: serde writes it as JSON with names in kebab case and reads it back,
/// [`to_text`](Self::to_text) writes it for terminals, and [`to_csv`](Self::to_csv) for
/// spreadsheets. [`Reporter`](crate::report::Reporter) computes it.
///
/// ```
/// use tower_tracks::report::Report;
///
/// /// Returns the sets with a decided plan.
/// fn decided(report: &Report) -> Vec<&str> {
///     let phases = report.phases.iter().filter(|phase| phase.decision.is_some());
///     phases.map(|phase| &*phase.set).collect()
/// }
/// assert!(decided(&Report::default()).is_empty());
/// ```
///
/// See the [module docs](crate::report).
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub struct Report {
    /// The phases, by the name of their set, then by number. A stored report may have phases of
    /// different times.
    pub phases: Vec<PhaseReport>,
    /// The phases whose report could not be computed or read.
    pub unread: Vec<Unread>,
    /// Rows of the store that [are not allowed](crate::store::Store::invalid_rows) and that no
    /// report counts, as sentences. Usually it is empty.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub invalid: Vec<String>,
}

/// A phase whose report could not be computed or read.
///
/// ```
/// use tower_tracks::report::Report;
///
/// fn warn(report: &Report) {
///     for unread in &report.unread {
///         eprintln!("{} phase {}: {}", unread.set, unread.phase, unread.why);
///     }
/// }
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub struct Unread {
    /// The name of the set.
    pub set: String,
    /// The number of the phase.
    pub phase: u32,
    /// The reason, as a sentence for people.
    pub why: String,
}

impl Report {
    /// Computes the report of phases from their facts. A phase whose report cannot be computed is in
    /// [`unread`](Self::unread).
    ///
    /// ```
    /// use tower_tracks::report::{PhaseFacts, Report};
    ///
    /// fn is_readable(facts: &[PhaseFacts]) -> bool {
    ///     Report::of(facts).unread.is_empty()
    /// }
    /// assert!(is_readable(&[]));
    /// ```
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

    /// Returns the report of the latest phase of a set; `None` if the set has no phase with a
    /// report.
    ///
    /// ```
    /// use tower_tracks::report::Report;
    ///
    /// /// Returns the tracks of a set with their numbers of units.
    /// fn sizes(report: &Report, set: &str) -> Vec<(String, u64)> {
    ///     let tracks = report.latest(set).map(|phase| phase.tracks.as_slice());
    ///     let sizes = tracks.unwrap_or_default().iter();
    ///     sizes.map(|track| (track.name.clone(), track.units)).collect()
    /// }
    /// ```
    pub fn latest(&self, set: &str) -> Option<&PhaseReport> {
        let of_set = self.phases.iter().filter(|phase| phase.set == set);
        of_set.max_by_key(|phase| phase.phase)
    }

    /// Returns the report of one phase of a set. The first phase has the number 1.
    ///
    /// ```
    /// use tower_tracks::report::Report;
    ///
    /// let report = Report::default();
    /// assert!(report.phase("delay", 2).is_none());
    /// ```
    pub fn phase(&self, set: &str, number: u32) -> Option<&PhaseReport> {
        let is_it = |phase: &&PhaseReport| phase.set == set && phase.phase == number;
        self.phases.iter().find(is_it)
    }
}

impl Unread {
    /// Returns the phase with the reason why it has no report.
    pub(in crate::report) fn new(phase: &PhaseName, why: &impl ToString) -> Self {
        Self {
            set: phase.set.to_string(),
            phase: phase.phase,
            why: why.to_string(),
        }
    }
}
