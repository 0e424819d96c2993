//! The report of a store.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{phase::PhaseReport, verdict::VerdictKind};
use crate::{
    report::{facts::PhaseFacts, isolated::isolated},
    stats::benjamini_hochberg,
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

    /// Returns the false discovery rates of the findings on primary goals: for each set whose latest phase has one, the
    /// share of false findings that is to be expected at most among those that are at least as clear.
    ///
    /// Each set keeps its own probability of a false finding. But a team with many tests has a false one now and then,
    /// and among few true effects it may be every other. So a page of all tests shows these numbers (Benjamini and
    /// Hochberg 1995, over the smallest adjusted p-value of each set).
    ///
    /// ```
    /// let report = tower_tracks::report::Report::default();
    /// assert!(report.discovery_rates().is_empty());
    /// ```
    pub fn discovery_rates(&self) -> BTreeMap<&str, f64> {
        let mut latest: BTreeMap<&str, &PhaseReport> = BTreeMap::new();
        for phase in &self.phases {
            let known = latest.entry(&phase.set).or_insert(phase);
            if known.phase < phase.phase {
                *known = phase;
            }
        }
        discovery_rates(latest.into_values())
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

/// The probability of a false finding of one set.
const ALPHA: f64 = 0.05;

/// Returns the false discovery rates of the findings among these phases, each of another set.
pub(crate) fn discovery_rates<'r>(
    phases: impl IntoIterator<Item = &'r PhaseReport>,
) -> BTreeMap<&'r str, f64> {
    let compared = phases.into_iter().filter_map(|phase| {
        let (p, is_found) = phase.least_p()?;
        Some(((&*phase.set, is_found), p))
    });
    let (sets, p_values): (Vec<(&str, bool)>, Vec<f64>) = compared.unzip();
    let rates = sets.into_iter().zip(benjamini_hochberg(&p_values));
    let found = rates.filter(|((_, is_found), _)| *is_found);
    found.map(|((set, _), rate)| (set, rate)).collect()
}

impl PhaseReport {
    /// Returns the smallest p-value of the primary goal, and whether a track has a verdict by it; `None` if nothing is
    /// compared, or if the results are hidden.
    fn least_p(&self) -> Option<(f64, bool)> {
        let tracks = &self.primary().filter(|_| self.covered.is_none())?.tracks;
        let compared = tracks
            .iter()
            .filter_map(|track| track.compared.as_ref()?.known());
        let p_values = compared.map(|compared| match compared.adjusted_p {
            Some(adjusted) => adjusted,
            // Of a look of a plan: its level is the part of alpha that this look and this track have.
            None => (compared.p * ALPHA / compared.alpha).min(1.0),
        });
        let p_values = p_values.filter(|p| p.is_finite());
        let least = p_values.reduce(f64::min)?;
        let kinds = tracks
            .iter()
            .filter_map(|track| Some(track.verdict.as_ref()?.kind));
        let mut found =
            kinds.filter(|kind| matches!(kind, VerdictKind::Better | VerdictKind::Worse));
        Some((least, found.next().is_some()))
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
