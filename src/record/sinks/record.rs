use crate::{
    event::{Alias, Conversion, Exposure},
    unit::Unit,
};

/// A record for a sink: an event with units instead of keys.
///
/// The event still has its key. If others can read the output of a sink, the sink should use the unit, as
/// [`JsonLines`](crate::record::JsonLines) does unless units are raw. Later versions may add kinds of
/// records, so a `match` needs a wildcard arm:
///
/// ```
/// use tower_tracks::record::Record;
///
/// fn describe(record: &Record) -> String {
///     match record {
///         Record::Exposure { exposure, unit } => format!("{unit} was exposed to {exposure}"),
///         Record::Conversion { conversion, unit, .. } => {
///             format!("{unit} reached {}", conversion.goal())
///         }
///         Record::Alias { visitor, user, .. } => format!("{visitor} is {user}"),
///         _ => String::new(),
///     }
/// }
/// ```
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum Record {
    /// A unit was exposed to a track, for the first time or again.
    Exposure {
        /// The event: the set, the track, the time, and how the request ended.
        exposure: Exposure,
        /// The unit.
        unit: Unit,
    },
    /// A unit reached a goal.
    Conversion {
        /// The event: the goal, the value and the time.
        conversion: Conversion,
        /// The unit.
        unit: Unit,
        /// The id that identifies repetitions. If the application set none, it is random, and no conversion
        /// is a repetition.
        id: [u8; 16],
    },
    /// A visitor and a user were seen in one request.
    Alias {
        /// The event, with the time.
        alias: Alias,
        /// The unit of the visitor.
        visitor: Unit,
        /// The unit of the user.
        user: Unit,
    },
}
