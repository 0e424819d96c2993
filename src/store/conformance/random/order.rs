use crate::store::conformance::{
    Opened,
    fixtures::{Draws, batch, observed, random_fact, same},
};

use super::seed::{Seed, rounds};

/// Runs [`order_of_seed`] for each seed.
pub fn order_does_not_matter<O: Opened>(open: impl Fn() -> O) {
    for seed in 0..rounds() {
        order_of_seed(&open, seed);
    }
}

/// Writes random facts into one store, and the same facts in another order, in other batches and some of
/// them twice, into another. Everything that can be read of both is the same.
pub fn order_of_seed<O: Opened>(open: impl Fn() -> O, seed: u64) {
    let opened = [open(), open()];
    let [Some(first), Some(second)] = opened.each_ref().map(Opened::store) else {
        return;
    };
    let printed = Seed::new("order_of_seed", seed);
    let mut draws = Draws::new(seed);
    let count = 1 + draws.below(2 * printed.up_to(60));
    let mut facts = draws.many(count, random_fact);
    first.write(&batch(&facts)).unwrap();
    draws.shuffle(&mut facts);
    for facts in facts.chunks(1 + draws.below(39)) {
        second.write(&batch(facts)).unwrap();
    }
    second.write(&batch(&facts[..count / 2])).unwrap();
    same(&observed(second), &observed(first));
}
