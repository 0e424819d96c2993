use crate::assign::RunId;

use crate::unit::Unit;

/// One exposure of a `Tracks-Exposure` header, parsed by [`decode`](crate::header::decode).
///
/// The names are as the server wrote them. With `middleware::Mask`, they are masks, of which only
/// the server knows the names.
///
/// ```
/// use tower_tracks::header::decode;
///
/// let header = r#"delay=long;phase=2;unit="0533e943646856e71827afc7415731e6", pricing=cheap;forced"#;
/// let exposed = decode(header)?;
/// assert_eq!((exposed[0].phase, exposed[0].unit.is_some(), exposed[0].forced), (2, true, false));
/// let counted: Vec<_> = exposed.iter().filter(|one| !one.forced).map(|one| &*one.set).collect();
/// assert_eq!(counted, ["delay"]);
/// # Ok::<(), tower_tracks::header::DecodeError>(())
/// ```
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
