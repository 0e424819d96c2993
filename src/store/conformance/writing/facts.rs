//! The facts of these cases.

use crate::{
    store::{
        AliasRow, Rows, Timestamp, TrackName,
        conformance::fixtures::{Conversion, Exposure, Fact, goals, phase, track, writer},
    },
    unit::Unit,
};

pub(crate) fn at(micros: i64) -> Timestamp {
    Timestamp::from_micros(micros)
}

pub(crate) fn long() -> TrackName {
    track(&phase("delay", 1, "visitor"), "long")
}

pub(crate) fn exposed(unit: Unit, micros: i64, coin: Option<bool>) -> Fact {
    Fact::Exposure(Exposure {
        track: long(),
        unit,
        first_at: at(micros),
        coin,
        definition: None,
        segment: None,
        writer: writer(0),
    })
}

pub(crate) fn reached(unit: Unit, micros: i64, value: i64) -> Fact {
    Fact::Conversion(Conversion {
        goal: goals().swap_remove(0),
        unit,
        idem: [1; 16],
        at: at(micros),
        value,
        writer: writer(1),
    })
}

pub(crate) fn alias(visitor: Unit, user: Unit, micros: i64) -> Fact {
    Fact::Alias(AliasRow {
        visitor,
        user,
        first_at: at(micros),
    })
}

pub(crate) fn rows(new: u64, known: u64) -> Rows {
    Rows {
        new,
        known,
        erased: 0,
    }
}
