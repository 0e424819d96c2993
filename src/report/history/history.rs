use std::ops::Range;

use crate::{
    report::{ChangeReport, ShippedReport},
    store::Timestamp,
};

/// What changes of the running test did to a phase, up to the time of a report.
///
/// By default, nothing was changed. [`Reporter::changes`](crate::report::Reporter::changes) reads it from
/// a log of changes.
///
/// ```
/// use tower_tracks::report::ChangeHistory;
///
/// let history = ChangeHistory::default();
/// assert!(history.changes.is_empty() && history.shipped.is_none());
/// ```
#[derive(Debug, Clone, Default, PartialEq)]
#[non_exhaustive]
pub struct ChangeHistory {
    /// The changes, by the time at which they came into force.
    pub changes: Vec<ChangeReport>,
    /// The track that was shipped.
    pub shipped: Option<ShippedReport>,
    /// The spans in which the set was paused. One that goes on ends with [`Timestamp::MAX`].
    pub paused: Vec<Range<Timestamp>>,
    /// The spans from which no unit is analysed: pauses, shares of 0, shipped tracks, and excluded spans.
    /// They may overlap.
    pub quiet: Vec<Range<Timestamp>>,
}
