use crate::store::{
    ErasedRow, PhaseName, Promises, Readout, Store, Timestamp,
    conformance::{
        fixtures::{Draws, Fact, batch, phases, random_erasure, random_fact, random_time},
        promised::promised,
    },
};

/// What happens at a node.
#[derive(Debug)]
pub(super) enum Event {
    Write(Vec<Fact>),
    Erase(ErasedRow),
    Retain(Timestamp, Vec<PhaseName>),
    Readout(Readout),
    /// The store of the other node is merged into this one.
    Merge,
}

impl Event {
    /// Returns an event with at most this many facts.
    pub(super) fn random(draws: &mut Draws, most: usize) -> Self {
        match draws.below(19) {
            0..12 => Self::Write(facts(draws, most)),
            12..14 => Self::Erase(random_erasure(draws)),
            14..16 => Self::Retain(random_time(draws), draws.some(phases())),
            16 => Self::Readout(readout(draws)),
            _ => Self::Merge,
        }
    }

    /// Returns the answer of the store, with the kind of an error.
    pub(super) fn happen(
        &self,
        store: &dyn Store,
        other: &dyn Store,
        promises: Promises,
    ) -> String {
        let promised = |written| promised(promises, written);
        match self {
            Self::Write(facts) => format!("{:?}", promised(store.write(&batch(facts)).unwrap())),
            Self::Erase(erased) => store.erase(*erased).unwrap().to_string(),
            Self::Retain(before, running) => store.retain(*before, running).unwrap().to_string(),
            Self::Readout(readout) => format!("{:?}", store.put_readout(readout).unwrap()),
            // A phase of another kind is not merged.
            Self::Merge => {
                let merged = store.merge(other).map(promised);
                format!("{:?}", merged.map_err(|error| error.kind()))
            }
        }
    }
}

fn facts(draws: &mut Draws, most: usize) -> Vec<Fact> {
    let count = draws.below(most + 1);
    let is_mistaken = draws.one_in(20);
    draws.many(count, |draws| {
        let fact = if draws.one_in(21) {
            Fact::Erased(random_erasure(draws))
        } else {
            random_fact(draws)
        };
        if is_mistaken { fact.mistaken() } else { fact }
    })
}

fn readout(draws: &mut Draws) -> Readout {
    let as_of = random_time(draws);
    let json = format!(r#"{{"at":{as_of}}}"#).into();
    Readout::new(draws.pick(&phases()), "results".into(), as_of, json)
}
