use std::{collections::BTreeMap, path::Path};

use super::{
    Failure,
    ledger::{Fact, Ledger},
    server::{Answer, Sink},
    stored::Stored,
};

/// A start of the server that has ended.
#[derive(Clone, Default)]
pub(super) struct Start {
    pub(super) number: u64,
    /// The first of the visitors that it made up.
    pub(super) first: u64,
    /// Whether it was shut down. Else it was killed.
    pub(super) is_whole: bool,
    /// The last round that it confirmed to have written: what was acknowledged later, a kill may lose.
    /// None where it was killed before it confirmed any.
    pub(super) round: Option<u64>,
    /// What it said when it confirmed that.
    pub(super) answer: Answer,
}

/// What a balance found.
#[derive(Default)]
pub(super) struct Balance {
    /// How many facts have to be stored or counted.
    facts: u64,
    missing: u64,
    counted: u64,
}

/// Checks that each fact that was acknowledged is in each sink, or counted as lost or set aside.
pub(super) fn check(
    starts: &[Start],
    ledger: &Ledger,
    (directory, uri): (&Path, Option<&str>),
) -> Result<String, Failure> {
    let Some(last) = starts.last() else {
        return Err("the server never ran".to_owned());
    };
    let mut balances = BTreeMap::new();
    for name in last.answer.sinks.keys() {
        let stored = Stored::read(name, directory, uri)?;
        for start in starts {
            let balance: &mut Balance = balances.entry(name).or_default();
            balance.add(start, ledger, (name, &stored))?;
        }
    }
    let line = |(name, balance): (&&String, &Balance)| {
        format!(
            "{name}: of {} facts {} are missing, and {} counted as lost or set aside",
            balance.facts, balance.missing, balance.counted
        )
    };
    Ok(balances.iter().map(line).collect::<Vec<_>>().join("; "))
}

impl Balance {
    fn add(
        &mut self,
        start: &Start,
        ledger: &Ledger,
        (name, stored): (&str, &Stored),
    ) -> Result<(), Failure> {
        let Some(sink) = start.answer.sinks.get(name) else {
            return Ok(());
        };
        let (facts, missing) = start.missing(ledger, stored);
        let counted = sink.dropped + sink.aside;
        let place = format!("{name}, start {}", start.number);
        if missing > counted {
            return Err(format!(
                "{place}: of {facts} facts {missing} are missing, and {counted} are counted"
            ));
        }
        if start.is_whole {
            start
                .is_even(sink, ledger)
                .map_err(|why| format!("{place}: {why}"))?;
        }
        self.facts += facts;
        self.missing += missing;
        self.counted += counted;
        Ok(())
    }
}

impl Start {
    /// Returns how many facts it has to have written or counted, and how many are not stored.
    fn missing(&self, ledger: &Ledger, stored: &Stored) -> (u64, u64) {
        let acknowledged = self.round.map(|round| ledger.facts(self.number, round));
        let made_up = self.first..self.first + self.answer.made_up;
        let facts = made_up.flat_map(|visitor| [Fact::Exposure(visitor), Fact::Goal(visitor)]);
        let facts = facts.chain(acknowledged.into_iter().flatten());
        let count = |(all, missing), fact| (all + 1, missing + u64::from(!stored.has(fact)));
        facts.fold((0, 0), count)
    }

    /// Checks that after a shutdown the numbers of a sink agree with each other and with what it was
    /// told.
    fn is_even(&self, sink: &Sink, ledger: &Ledger) -> Result<(), Failure> {
        let done = sink.written + sink.known + sink.dropped + sink.aside;
        let least = ledger.events(self.number) + 2 * self.answer.made_up;
        let most = least + ledger.unanswered(self.number);
        if sink.accepted != done {
            return Err(format!(
                "{} were accepted, and {done} are done",
                sink.accepted
            ));
        }
        if sink.lost != sink.dropped {
            return Err(format!(
                "{} were dropped, and {} lost",
                sink.dropped, sink.lost
            ));
        }
        match (least..=most).contains(&sink.accepted) {
            true => Ok(()),
            false => Err(format!(
                "{} were accepted, but {least} to {most} were reported",
                sink.accepted
            )),
        }
    }
}
