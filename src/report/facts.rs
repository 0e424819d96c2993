use std::{collections::BTreeMap, sync::Arc};

use crate::{
    event::Goal,
    store::{
        AttributedGoal, Attribution, BusiestSecond, Loss, Overlap, Phase, RequestSums, Timestamp,
        TrackName,
    },
};

use super::{ChangeHistory, Decision, RecordedDecision, plan::StatedPlan};

/// The facts of a phase: the input of its report.
///
/// [`Reporter`](crate::report::Reporter) reads them from a store. A program with facts from another
/// source, such as a warehouse, fills them itself and calls
/// [`Report::of`](crate::report::Report::of):
///
/// ```
/// use tower_tracks::report::{PhaseFacts, Report};
///
/// fn print(facts: &[PhaseFacts]) {
///     println!("{}", Report::of(facts).to_text());
/// }
/// ```
#[derive(Debug, Clone)]
pub struct PhaseFacts {
    /// The phase, with its definitions and plans.
    pub phase: Phase,
    /// The former names of the set under which the phase has facts. They are in the facts like those under
    /// the present name.
    pub former_names: Vec<Arc<str>>,
    /// The plan of the phase, with its goals.
    pub plan: StatedPlan,
    /// The answer of the store to the [question](StatedPlan::question) of the plan: units and sums
    /// by track.
    pub attribution: Attribution,
    /// The caps of the goals, in their order and as the store knows them; empty if they are those of the metrics.
    pub caps: Vec<Option<i64>>,
    /// The primary goal once for each day since the first exposure, in the order of [`StatedPlan::by_age`]; empty if
    /// it was not asked for.
    ///
    /// [`StatedPlan::by_age`]: crate::report::StatedPlan::by_age
    pub by_age: Vec<AttributedGoal>,
    /// The sums over requests, by track and bucket of units.
    pub sums: BTreeMap<(TrackName, u16), RequestSums>,
    /// The number of requests by track, group of units and bin of durations, as
    /// [`Store::latencies`](crate::store::Store::latencies) returns them.
    pub latencies: BTreeMap<(TrackName, u8, u8), u64>,
    /// The events that sinks lost, of all phases.
    pub losses: Vec<Loss>,
    /// How many conversions of each goal happened on each UTC day, of all units. `None` if the attribution comes
    /// from elsewhere, as the store need not have these conversions. The report then has no notices about goals
    /// that are never recorded, or whose conversions belong to no exposed unit.
    pub conversions: Option<Arc<BTreeMap<(Goal, i32), u64>>>,
    /// The recorded goals that no plan of any phase names. Empty for a phase without a plan, which
    /// reports all goals, and for one that is not the latest of its set.
    pub unplanned: Vec<Goal>,
    /// The units that this phase shares with the previous phase, and users in several tracks.
    pub overlap: Overlap,
    /// The second with the most new units of one track. It is read if there is a sample ratio mismatch,
    /// otherwise it is `None`.
    pub busiest: Option<BusiestSecond>,
    /// When the enrolment was closed.
    pub closed_at: Option<Timestamp>,
    /// What changes of the running test did.
    pub history: ChangeHistory,
    /// The time of the question.
    pub as_of: Timestamp,
    /// The decided reading as it was first stored, to find out whether facts came later.
    pub decision: Option<Decision>,
    /// What an earlier version of this crate read when the plan was reached.
    pub recorded_decision: Option<RecordedDecision>,
}
