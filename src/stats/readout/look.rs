//! The looks of a plan, as they go in and as they come out.

use super::Cell;

/// One look of a plan: the units that were closed at that time.
///
/// [`TrackReadout::is_decided`](crate::stats::TrackReadout::is_decided) has an example.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Look {
    /// The closed units of all tracks together, by those that are planned. It grows from look to
    /// look.
    pub information: f64,
    /// The closed units, by track, in the order of the set's.
    pub cells: Vec<Cell>,
    /// The tracks that took part at the time of the look, by index. A track that was switched off
    /// before it was decided is not decided any more.
    pub live: Vec<usize>,
    /// Among how many tracks alpha is shared: those that ever took part until then.
    pub sharing: usize,
}

/// At which look of a plan a track was read.
#[derive(Debug, Clone, Copy, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct LookRead {
    /// The index of the look.
    pub look: usize,
    /// The closed units of all tracks at that look, by those that are planned.
    pub information: f64,
    /// Whether the look decides: the difference crossed the boundary, or the plan was reached.
    pub decided: bool,
    /// Whether that was before the plan was reached.
    pub early: bool,
}
