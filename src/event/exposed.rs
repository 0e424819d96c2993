use crate::assign::RunId;

use super::Unit;

/// One exposure as a `Tracks-Exposure` header tells it. See [`decode`](super::decode).
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Exposed {
    /// The name of the set, or its mask.
    pub set: String,
    /// The name of the track, or its mask.
    pub track: String,
    /// The phase, from 1.
    pub phase: u32,
    /// Whether the track was forced, so that it does not count.
    pub forced: bool,
    /// The run, where the layer was asked for runs.
    pub run_id: Option<RunId>,
    /// The unit, where the layer was asked for it.
    pub unit: Option<Unit>,
}
