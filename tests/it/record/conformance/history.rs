//! Random histories of two nodes, each of which a store and `Memory` live through.

use proptest::{
    collection::vec,
    prelude::*,
    sample::{select, subsequence},
    test_runner::{Config, RngSeed, TestRunner},
};
use tower_tracks::store::{ErasedRow, Memory, PhaseName, Readout, Store, Timestamp};

use super::{
    Fresh, Open,
    facts::{Fact, batch},
    observed::{observed, same},
    pools::{erasures, facts, phases, times},
};

/// What happens at a node.
#[derive(Debug, Clone)]
enum Event {
    Write {
        facts: Vec<Fact>,
        mistaken: bool,
    },
    Erase(ErasedRow),
    Retain(Timestamp, Vec<PhaseName>),
    Readout(Readout),
    /// It takes in what the other node has.
    Merge,
}

impl Event {
    /// Returns what the store says to it.
    fn happen(&self, store: &dyn Store, other: &dyn Store) -> String {
        match self {
            Self::Write { facts, mistaken } => {
                let facts = facts.iter().cloned();
                let facts = facts.map(|fact| match mistaken {
                    true => fact.mistaken(),
                    false => fact,
                });
                let facts: Vec<Fact> = facts.collect();
                format!("{:?}", store.write(&batch(&facts)).unwrap())
            }
            Self::Erase(erased) => store.erase(*erased).unwrap().to_string(),
            Self::Retain(before, running) => store.retain(*before, running).unwrap().to_string(),
            Self::Readout(readout) => format!("{:?}", store.put_readout(readout).unwrap()),
            Self::Merge => {
                // No store merges a phase with a wrong kind.
                let merged = store.merge(other).map_err(|error| error.to_string());
                format!("{merged:?}")
            }
        }
    }
}

fn events() -> impl Strategy<Value = Event> {
    let with_erasures = prop_oneof![20 => facts(), 1 => erasures().prop_map(Fact::Erased)];
    let mistaken = proptest::bool::weighted(0.05);
    let write = (vec(with_erasures, 0..40), mistaken);
    let readout = (select(phases()), times()).prop_map(|(phase, as_of)| Readout {
        phase,
        kind: "results".into(),
        as_of,
        json: format!(r#"{{"at":{as_of}}}"#).into(),
    });
    prop_oneof![
        12 => write.prop_map(|(facts, mistaken)| Event::Write { facts, mistaken }),
        2 => erasures().prop_map(Event::Erase),
        2 => (times(), subsequence(phases(), 0..4))
            .prop_map(|(before, running)| Event::Retain(before, running)),
        1 => readout.prop_map(Event::Readout),
        2 => Just(Event::Merge),
    ]
}

/// Every run tests the same histories, so that a failure is one of the change at hand.
pub(super) fn runner() -> TestRunner {
    let default = Config::default();
    let asked = std::env::var_os("PROPTEST_CASES").map(|_| default.cases);
    TestRunner::new(Config {
        cases: asked.unwrap_or(100),
        rng_seed: RngSeed::Fixed(1),
        failure_persistence: None,
        ..default
    })
}

/// After each history, all that can be seen is what is seen of `Memory`.
pub(in crate::record) fn histories(open: Open<'_>) {
    let histories = vec((0..2_usize, events()), 1..12);
    let result = runner().run(&histories, |history| {
        let (Some(first), Some(second)) = (open(), open()) else {
            return Ok(());
        };
        live(&history, &[first, second]);
        Ok(())
    });
    result.unwrap();
}

fn live(history: &[(usize, Event)], stores: &[Fresh; 2]) {
    let memories = [Memory::default(), Memory::default()];
    for (node, event) in history {
        let said = event.happen(&*stores[*node], &*stores[1 - node]);
        let expected = event.happen(&memories[*node], &memories[1 - node]);
        assert_eq!(said, expected, "{event:?}");
    }
    for (store, memory) in stores.iter().zip(&memories) {
        same(&observed(&**store), &observed(memory));
    }
}

/// The same facts in another order, in other batches, and some of them twice.
pub(in crate::record) fn order(open: Open<'_>) {
    let facts = vec(facts(), 1..120);
    let twice = facts.prop_flat_map(|facts| (Just(facts.clone()), Just(facts).prop_shuffle()));
    let result = runner().run(&(twice, 1..40_usize), |((facts, shuffled), size)| {
        let (Some(first), Some(second)) = (open(), open()) else {
            return Ok(());
        };
        first.write(&batch(&facts)).unwrap();
        for facts in shuffled.chunks(size) {
            second.write(&batch(facts)).unwrap();
        }
        let again = &shuffled[..shuffled.len() / 2];
        second.write(&batch(again)).unwrap();
        same(&observed(&*second), &observed(&*first));
        Ok(())
    });
    result.unwrap();
}
