use crate::assign::RunId;

use crate::unit::Unit;

/// One exposure of a `Tracks-Exposure` header, parsed by [`decode`](crate::header::decode).
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Exposed {
    /// The name of the set, or its mask.
    pub set: String,
    /// The name of the track, or its mask.
    pub track: String,
    /// The phase, from 1.
    pub phase: u32,
    /// Whether the track was forced. Forced tracks do not count.
    pub forced: bool,
    /// The run, if the layer is configured for runs.
    pub run_id: Option<RunId>,
    /// The unit, if the layer is configured for units.
    pub unit: Option<Unit>,
}
