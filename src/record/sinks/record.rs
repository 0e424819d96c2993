use crate::event::{Alias, Conversion, Exposure, Unit};

/// What a sink is given: a fact, with units in the place of keys.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum Record {
    /// Somebody met a track, once more or for the first time.
    Exposure {
        /// What happened.
        exposure: Exposure,
        /// Whom it is about.
        unit: Unit,
    },
    /// Somebody reached a goal.
    Conversion {
        /// What happened.
        conversion: Conversion,
        /// Whom it is about.
        unit: Unit,
        /// By what a repetition is known; drawn for this one, where nothing was said.
        id: [u8; 16],
    },
    /// A visitor is somebody who signed in.
    Alias {
        /// What happened.
        alias: Alias,
        /// The unit of the visitor.
        visitor: Unit,
        /// The unit of whoever signed in.
        user: Unit,
    },
}
