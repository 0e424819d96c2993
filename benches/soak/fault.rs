use std::time::Duration;

use super::random::Random;

/// What goes wrong for a while.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Fault {
    /// The sink of JSON lines hangs.
    Hang,
    /// Another process has the lock of the file of SQLite.
    Lock,
    /// The clock of the layer jumps ahead, by less than an hour.
    Ahead,
    /// It jumps back.
    Back,
    /// It jumps further ahead than a store accepts, which sets such facts aside.
    FarAhead,
    /// PostgreSQL neither receives nor sends packets.
    Swallow,
    /// PostgreSQL's answers are lost, so also the confirmation of a commit.
    SwallowAnswers,
    /// Packets to and from PostgreSQL are late.
    Delay,
    /// Connections to PostgreSQL end, old and new ones.
    Cut,
    /// Single packets are struck by any of these.
    Chance,
}

use Fault::{Ahead, Back, Chance, Cut, Delay, FarAhead, Hang, Lock, Swallow, SwallowAnswers};

const FILES: [Fault; 5] = [Hang, Lock, Ahead, Back, FarAhead];

const POSTGRES: [Fault; 5] = [Swallow, SwallowAnswers, Delay, Cut, Chance];

/// The faults of a seed: all of them in some order, and then again in another.
pub(super) struct Faults {
    all: Vec<Fault>,
    coming: Vec<Fault>,
    random: Random,
}

/// A fault, how long it lasts, and how long there is none after it.
pub(super) struct Turn {
    pub(super) fault: Fault,
    pub(super) lasting: Duration,
    pub(super) rest: Duration,
    /// A seed for what goes by chance.
    pub(super) seed: u64,
}

impl Faults {
    pub(super) fn new(seed: u64, has_postgres: bool) -> Self {
        let mut all = FILES.to_vec();
        if has_postgres {
            all.extend(POSTGRES);
        }
        Self {
            all,
            coming: Vec::new(),
            random: Random::new(seed),
        }
    }

    pub(super) fn next(&mut self) -> Turn {
        if self.coming.is_empty() {
            self.coming.clone_from(&self.all);
            self.random.shuffle(&mut self.coming);
        }
        let fault = self.coming.pop().unwrap_or(Hang);
        let mut between = |least, most| {
            let millis = least + self.random.below(most - least);
            Duration::from_millis(millis)
        };
        Turn {
            fault,
            lasting: between(1_500, 5_000),
            rest: between(1_000, 4_000),
            seed: self.random.below(u64::MAX),
        }
    }
}
