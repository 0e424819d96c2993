use std::collections::BTreeMap;

use crate::record::{Attribution, Loss, Phase, RequestSums, Timestamp, TrackName};

use super::{PhaseReport, StatedPlan};

/// What a store knows of a phase: all that its report is made of.
#[derive(Debug, Clone)]
pub struct PhaseFacts {
    /// The phase, with its definitions.
    pub phase: Phase,
    /// What it is to find out.
    pub plan: StatedPlan,
    /// What the store answered to the [question](StatedPlan::question) of the plan.
    pub attribution: Attribution,
    /// What its requests summed up to, by track and bucket of units.
    pub sums: BTreeMap<(TrackName, u16), RequestSums>,
    /// What did not come into sinks, of all phases.
    pub losses: Vec<Loss>,
    /// The time of the question.
    pub as_of: Timestamp,
    /// The report of when the plan was reached, if that was read and stored.
    pub decision: Option<PhaseReport>,
}
