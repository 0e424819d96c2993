//! The facts of these cases.

use crate::{
    store::{
        Rows, TrackName,
        conformance::fixtures::{Fact, at, goals, phase, track},
    },
    unit::Unit,
};

pub(crate) fn long() -> TrackName {
    track(&phase("delay", 1, "visitor"), "long")
}

pub(crate) fn exposed(unit: Unit, micros: i64, coin: Option<bool>) -> Fact {
    let fact = Fact::exposed(long(), unit, at(micros));
    fact.with_exposure(|exposure| exposure.coin = coin)
}

pub(crate) fn reached(unit: Unit, micros: i64, value: i64) -> Fact {
    Fact::reached(goals().swap_remove(0), unit, at(micros), value)
}

pub(crate) fn alias(visitor: Unit, user: Unit, micros: i64) -> Fact {
    Fact::alias(visitor, user, at(micros))
}

pub(crate) fn rows(new: u64, known: u64) -> Rows {
    Rows {
        new,
        known,
        erased: 0,
    }
}
