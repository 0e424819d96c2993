use std::{path::Path, time::Duration};

use rusqlite::Connection;

use super::{
    Failure,
    fault::{Fault, Turn},
    process::Server,
    wire::{self, Chance, Way, Wire},
};

/// Makes faults, and ends them.
pub(super) struct Outage<'a> {
    pub(super) wire: Option<&'a Wire>,
    pub(super) sqlite: &'a Path,
}

/// A fault under way. What it keeps locked is free when it is dropped.
pub(super) struct UnderWay(#[allow(dead_code, reason = "it has the lock")] Option<Connection>);

impl Outage<'_> {
    pub(super) fn begin(&self, turn: &Turn, server: &mut Server) -> Result<UnderWay, Failure> {
        match turn.fault {
            Fault::Hang => server.tell("hang 1")?,
            Fault::Ahead => server.tell("clock 1800")?,
            Fault::Back => server.tell("clock -1800")?,
            Fault::FarAhead => server.tell("clock 7200")?,
            Fault::Lock => return self.lock().map(Some).map(UnderWay),
            Fault::Chance => self.by_chance(Some(Chance::new(turn.seed, 20))),
            Fault::Swallow => self.strike(wire::Fault::Swallow(Way::Both)),
            Fault::SwallowAnswers => self.strike(wire::Fault::Swallow(Way::ToClient)),
            Fault::Delay => self.strike(wire::Fault::Delay(Duration::from_millis(300))),
            Fault::Cut => self.strike(wire::Fault::Cut),
        }
        Ok(UnderWay(None))
    }

    /// Ends all faults. Connections that lost packets stay as they are, as they do in networks.
    pub(super) fn end(&self, server: &mut Server) -> Result<(), Failure> {
        self.by_chance(None);
        if let Some(wire) = self.wire {
            wire.strike_new(None);
            wire.strike_all(wire::Fault::Delay(Duration::ZERO));
        }
        server.tell("hang 0")?;
        server.tell("clock 0")
    }

    fn strike(&self, fault: wire::Fault) {
        if let Some(wire) = self.wire {
            wire.strike_all(fault);
            wire.strike_new(Some(fault));
        }
    }

    fn by_chance(&self, chance: Option<Chance>) {
        if let Some(wire) = self.wire {
            wire.strike_by(chance);
        }
    }

    fn lock(&self) -> Result<Connection, Failure> {
        let locked = || {
            let connection = Connection::open(self.sqlite)?;
            connection.busy_timeout(Duration::from_secs(20))?;
            connection.execute_batch("BEGIN IMMEDIATE")?;
            Ok(connection)
        };
        locked().map_err(|error: rusqlite::Error| format!("no lock of SQLite: {error}"))
    }
}
