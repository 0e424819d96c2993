use crate::{
    event::{Alias, Conversion, Exposure},
    unit::Unit,
};

/// A record for a sink: a fact with units instead of keys.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum Record {
    /// A unit was exposed to a track, for the first time or again.
    Exposure {
        /// The event.
        exposure: Exposure,
        /// The unit.
        unit: Unit,
    },
    /// A unit reached a goal.
    Conversion {
        /// The event.
        conversion: Conversion,
        /// The unit.
        unit: Unit,
        /// The id that recognises repetitions; random if none was set.
        id: [u8; 16],
    },
    /// A visitor and a user were seen in one request.
    Alias {
        /// The event.
        alias: Alias,
        /// The unit of the visitor.
        visitor: Unit,
        /// The unit of the user.
        user: Unit,
    },
}
