use crate::store::{
    Memory, Store,
    conformance::{
        Opened,
        fixtures::{Draws, observed, same},
    },
};

use super::{
    event::Event,
    seed::{Seed, rounds},
};

/// Runs [`history_of_seed`] for each seed.
pub fn histories_are_those_of_memory<O: Opened>(open: impl Fn() -> O) {
    for seed in 0..rounds() {
        history_of_seed(&open, seed);
    }
}

/// Runs a random history of two nodes, with writes, erasures, retention, read-outs and merges. Each answer,
/// and in the end everything that can be read, is that of [`Memory`].
pub fn history_of_seed<O: Opened>(open: impl Fn() -> O, seed: u64) {
    let opened = [open(), open()];
    let [Some(first), Some(second)] = opened.each_ref().map(Opened::store) else {
        return;
    };
    let printed = Seed::new("history_of_seed", seed);
    let mut draws = Draws::new(seed);
    let count = 1 + draws.below(printed.up_to(11));
    let history = draws.many(count, |draws| {
        let node = draws.below(2);
        (node, Event::random(draws, printed.up_to(40)))
    });
    live(&history, [first, second]);
}

fn live(history: &[(usize, Event)], stores: [&dyn Store; 2]) {
    let memories = [Memory::default(), Memory::default()];
    for (node, event) in history {
        let promises = stores[*node].promises();
        let answer = event.happen(stores[*node], stores[1 - node], promises);
        let expected = event.happen(&memories[*node], &memories[1 - node], promises);
        assert_eq!(answer, expected, "{event:?}");
    }
    for (store, memory) in stores.iter().zip(&memories) {
        same(&observed(*store), &observed(memory));
    }
}
