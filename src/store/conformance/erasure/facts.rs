//! The facts of these cases.

use crate::{
    store::{
        AliasRow, AsideRow, ErasedRow, Timestamp,
        conformance::fixtures::{Conversion, Exposure, Fact, goals, phase, track, writer},
    },
    unit::Unit,
};

pub(crate) fn at(micros: i64) -> Timestamp {
    Timestamp::from_micros(micros)
}

pub(crate) fn exposed(set: &str, unit: Unit, micros: i64) -> Fact {
    Fact::Exposure(Exposure {
        track: track(&phase(set, 1, "visitor"), "long"),
        unit,
        first_at: at(micros),
        coin: None,
        definition: None,
        segment: None,
        writer: writer(0),
    })
}

pub(crate) fn reached(unit: Unit, micros: i64) -> Fact {
    Fact::Conversion(Conversion {
        goal: goals().swap_remove(0),
        unit,
        idem: [1; 16],
        at: at(micros),
        value: micros,
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

pub(crate) fn set_aside(unit: Unit, micros: i64) -> Fact {
    Fact::Aside(AsideRow {
        at: at(micros),
        reason: "late".into(),
        payload: format!(r#"{{"unit":"{unit}"}}"#).into(),
    })
}

pub(crate) fn erased(unit: Unit, micros: i64) -> ErasedRow {
    ErasedRow {
        unit,
        at: at(micros),
    }
}
