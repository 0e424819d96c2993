//! Records of decisions.

use serde::{Deserialize, Serialize};

use crate::stats::selected;

use super::{
    change::ShippedReport,
    goal::{GoalReport, GoalRole, GoalTrack},
    phase::PhaseReport,
    utc::Utc,
    verdict::{Compared, VerdictKind},
};

/// The maximum number of goals in a record: those that a decision is about come first.
const GOALS: usize = 20;

/// The numbers of a phase at the moment at which a track was shipped.
///
/// It is a function of the recorded facts, as of that moment. It is stored when it is first computed: facts that come
/// later do not change it, and units that are erased later stay in its sums. Numbers of answers that come
/// [from elsewhere](crate::report::Reporter::attribute_by) are of the first report after it.
///
/// ```
/// use tower_tracks::report::PhaseReport;
///
/// /// Prints what was known when a track was shipped.
/// fn print(phase: &PhaseReport) {
///     let Some(record) = &phase.record else { return };
///     println!("{} shipped {}", record.shipped.author, record.shipped.track);
///     for goal in &record.goals {
///         for track in goal.tracks.iter().filter_map(|track| track.verdict.as_ref()) {
///             println!("{}: {}", goal.label, track.sentence);
///         }
///     }
/// }
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub struct DecisionRecord {
    /// The time of the numbers.
    pub as_of: Utc,
    /// Who shipped which track, when and why.
    pub shipped: ShippedReport,
    /// The units of all tracks together.
    pub units: u64,
    /// The reason why results were hidden; `None` if they could be read.
    pub covered: Option<String>,
    /// The primary goal and the guardrails that are goals, at most 20.
    pub goals: Vec<GoalReport>,
}

impl DecisionRecord {
    /// Returns the record of a phase as of a report.
    pub(in crate::report) fn of(phase: &PhaseReport, shipped: &ShippedReport) -> Self {
        let goals = phase.goals.iter();
        let decisive = goals.filter(|goal| goal.role != GoalRole::Exploratory);
        Self {
            as_of: phase.as_of,
            shipped: shipped.clone(),
            units: phase.units,
            covered: phase.covered.clone(),
            goals: decisive.take(GOALS).cloned().collect(),
        }
    }
}

impl GoalTrack {
    /// Returns the lift of a finding of a plan's last look, [corrected](crate::stats::selected) for having been
    /// selected; `None` for other verdicts, without a lift, and for a finding of another look.
    ///
    /// Who stops at the first difference that is found stops just beyond a boundary, whatever the true effect is, so a
    /// correction of that one look would be far too large. Plan with the end of the interval that is nearer to 0 then.
    ///
    /// ```
    /// use tower_tracks::report::GoalTrack;
    ///
    /// /// Returns what to expect of a winner of a planned size, such as 0.08 for 8% more.
    /// fn expected(track: &GoalTrack) -> Option<f64> {
    ///     track.corrected_lift()
    /// }
    /// ```
    pub fn corrected_lift(&self) -> Option<f64> {
        let kind = self.verdict.as_ref()?.kind;
        if !matches!(kind, VerdictKind::Better | VerdictKind::Worse) {
            return None;
        }
        self.look.filter(|look| look.decided && !look.early)?;
        let compared = self.compared.as_ref()?.known()?;
        let seen = compared.z.abs();
        // The interval may be a little stricter than the test, and then the boundary is not known.
        let corrected = selected(seen, compared.critical()?).ok()?;
        Some(compared.lift.known()? * corrected / seen)
    }
}

impl Compared {
    /// Returns half of the interval of the difference in standard errors.
    fn critical(&self) -> Option<f64> {
        let limits = self.difference.interval?;
        let below = self.difference.value - limits.lower;
        let half = limits
            .upper
            .map_or(below, |upper| (upper - limits.lower) / 2.0);
        let error = self.difference.value / self.z;
        Some(half / error).filter(|critical| critical.is_finite() && *critical > 0.0)
    }
}
