//! The facts of these cases.

use crate::{
    store::{
        AsideRow, ErasedRow,
        conformance::fixtures::{Fact, at, goals, phase, track},
    },
    unit::Unit,
};

pub(crate) fn exposed(set: &str, unit: Unit, micros: i64) -> Fact {
    Fact::exposed(track(&phase(set, 1, "visitor"), "long"), unit, at(micros))
}

pub(crate) fn reached(unit: Unit, micros: i64) -> Fact {
    Fact::reached(goals().swap_remove(0), unit, at(micros), micros)
}

pub(crate) fn alias(visitor: Unit, user: Unit, micros: i64) -> Fact {
    Fact::alias(visitor, user, at(micros))
}

pub(crate) fn set_aside(unit: Unit, micros: i64) -> Fact {
    let payload = format!(r#"{{"unit":"{unit}"}}"#).into();
    Fact::Aside(AsideRow::new(at(micros), "late".into(), payload))
}

pub(crate) fn erased(unit: Unit, micros: i64) -> ErasedRow {
    ErasedRow::new(unit, at(micros))
}
