//! The facts and questions of these cases.

use std::sync::Arc;

use crate::{
    assign::Sum,
    event::Goal,
    store::{
        AskedGoal, Attribution, Cell, Cohort, Measure, PhaseName, Question, Store, Timestamp,
        conformance::fixtures::{DAY, Fact, SECOND, START, batch, goals, phase, track, units},
    },
};

pub(crate) const HOUR: i64 = 3600 * SECOND;

pub(crate) fn at(offset: i64) -> Timestamp {
    Timestamp::from_micros(START + offset)
}

pub(crate) fn delay() -> PhaseName {
    phase("delay", 1, "visitor")
}

pub(crate) fn purchase() -> Goal {
    goals().swap_remove(0)
}

pub(crate) fn exposed(unit: usize, name: &str, offset: i64) -> Fact {
    exposed_in(&delay(), unit, name, offset)
}

pub(crate) fn exposed_in(phase: &PhaseName, unit: usize, name: &str, offset: i64) -> Fact {
    let fact = Fact::exposed(track(phase, name), units()[unit], at(offset));
    fact.with_exposure(|exposure| exposure.coin = Some(true))
}

/// A conversion whose id is its time.
pub(crate) fn reached(goal: &Goal, unit: usize, offset: i64, value: i64) -> Fact {
    let fact = Fact::reached(goal.clone(), units()[unit], at(offset), value);
    fact.with_conversion(|conversion| {
        // Another id for each time, so that no conversion is taken for a repetition.
        conversion.idem = [0; 16];
        conversion.idem[..8].copy_from_slice(&offset.to_be_bytes());
    })
}

pub(crate) fn bought(unit: usize, offset: i64) -> Fact {
    reached(&purchase(), unit, offset, 0)
}

pub(crate) fn alias(visitor: usize, user: usize, offset: i64) -> Fact {
    Fact::alias(units()[visitor], units()[user], at(offset))
}

pub(crate) fn count() -> AskedGoal {
    AskedGoal::new(purchase(), Measure::Total(Sum::Count))
}

pub(crate) fn value() -> AskedGoal {
    AskedGoal::new(purchase(), Measure::Total(Sum::Value))
}

pub(crate) fn ask(store: &dyn Store, question: &Question) -> Attribution {
    store.attribute(question).unwrap().unwrap()
}

/// Returns the one cell of the first goal, a month later.
pub(crate) fn only_cell(store: &dyn Store, facts: &[Fact], asked: AskedGoal) -> Cell {
    store.write(&batch(facts)).unwrap();
    let answer = ask(store, &Question::new(delay(), at(30 * DAY)).goal(asked));
    assert_eq!(answer.goals[0].cells.len(), 1);
    let cells = answer.goals[0].cells.values().next().copied().unwrap();
    assert_eq!(cells.open, Cell::default());
    cells.closed
}

pub(crate) fn key(name: &str, coin: Option<bool>, offset: i64) -> Cohort {
    Cohort::new(Arc::from(name), at(offset).day()).coin(coin)
}

/// The sum of the first goal, of units first exposed at the start.
pub(crate) fn sum(answer: &Attribution, name: &str) -> i128 {
    let cells = answer.goals[0].cells[&key(name, Some(true), 0)];
    cells.all().unwrap().sum
}
