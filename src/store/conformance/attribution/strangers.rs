use crate::{
    event::Goal,
    store::{
        Store,
        conformance::fixtures::{Fact, batch, goals},
    },
    unit::Unit,
};

use super::facts::reached;

/// Writes conversions of many other units. They change no answer, but perhaps the way in which a store
/// finds it.
pub fn add_strangers(store: &dyn Store) {
    let stranger =
        |number: u64| Unit::from_bytes([number.to_be_bytes(); 2].concat().try_into().unwrap());
    let by = |goal: &Goal, number| {
        let fact = reached(goal, 0, number as i64, 1);
        fact.with_conversion(|conversion| conversion.unit = stranger(number))
    };
    // Many rows, because a database plans its queries by their number.
    let facts = goals()
        .into_iter()
        .flat_map(|goal| (1..200).map(move |number| by(&goal, number)));
    let facts: Vec<Fact> = facts.collect();
    store.write(&batch(&facts)).unwrap();
}
