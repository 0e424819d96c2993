use std::{
    env, fs,
    path::{Path, PathBuf},
    process, thread,
    time::{Duration, Instant},
};

use sqlx::{Connection, PgConnection};
use tokio::runtime::Runtime;

use super::{
    Failure, Options,
    balance::{self, Start},
    fault::{Faults, Turn},
    memory::Memory,
    outage::{Outage, UnderWay},
    process::Server,
    server::{Answer, SCHEMA, Settings},
    table::{Row, Table},
    traffic::Traffic,
    wire::Wire,
};

/// How many visitors are made up before memory is measured: more than a sink knows, and than the
/// page cache of SQLite holds.
const WARM: u64 = 350_000;

/// How many are made up in a fifth of the time: so many that a sink forgets as many in each.
const MADE_UP: u64 = 75_000;

/// How long the sinks may take, after a fault, to write everything.
const RECOVERY: Duration = Duration::from_secs(60);

/// A soak under way.
pub(super) struct Soak<'a> {
    options: &'a Options,
    directory: PathBuf,
    /// The proxy before PostgreSQL, and a URI through it.
    wire: Option<(Wire, String)>,
    faults: Faults,
    traffic: Traffic,
    server: Server,
    /// The starts of the server, of which the last one runs.
    starts: Vec<Start>,
    /// Since when memory is measured.
    measured: Option<Instant>,
    memory: Memory,
    table: Table,
    turns: u64,
}

impl<'a> Soak<'a> {
    /// Runs a soak, and returns a line about it.
    pub(super) fn run(options: &Options) -> Result<String, Failure> {
        let directory = env::temp_dir().join(format!("tracks-soak-{}", process::id()));
        fs::create_dir_all(&directory).map_err(|error| error.to_string())?;
        let passed = Soak::begin(options, &directory).and_then(Soak::finish);
        match &passed {
            Ok(_) => drop(fs::remove_dir_all(&directory)),
            Err(_) => println!("its files are in {}", directory.display()),
        }
        passed
    }

    fn begin(options: &'a Options, directory: &Path) -> Result<Self, Failure> {
        let uri = options.postgres.as_deref();
        match uri {
            Some(uri) => drop_schema(uri)?,
            None => println!("PostgreSQL is LEFT OUT: TRACKS_TEST_POSTGRES names no database"),
        }
        let wire = uri.map(Wire::before);
        let through = wire.as_ref().map(|(_, through)| through.clone());
        let settings = settings(options, directory, through, 1);
        let server = Server::start(&settings)?;
        let traffic = Traffic::start(options.seed);
        traffic.send_to(Some((server.address, 1)));
        Ok(Self {
            options,
            directory: directory.to_owned(),
            wire,
            faults: Faults::new(options.seed, uri.is_some()),
            traffic,
            server,
            starts: vec![start(&settings, 1)],
            measured: None,
            memory: Memory::default(),
            table: Table::begin(),
            turns: 0,
        })
    }

    fn finish(mut self) -> Result<String, Failure> {
        let fifth = self.options.fifth();
        while self.table.elapsed() < fifth {
            self.turn(true)?;
        }
        self.warm_up()?;
        let begin = Instant::now();
        self.measured = Some(begin);
        while begin.elapsed() < 4 * fifth {
            self.turn(false)?;
        }
        self.measured = None;
        // A process that ran for long is shut down, and one that did not is killed.
        self.shut_down()?;
        self.start(0)?;
        self.turn(true)?;
        self.shut_down()?;
        self.check(fifth)
    }

    fn check(self, fifth: Duration) -> Result<String, Failure> {
        let requests = self.traffic.requests();
        let memory = self.memory.check(fifth);
        let ledger = self.traffic.end();
        let place = (&*self.directory, self.options.postgres.as_deref());
        let balance = balance::check(&self.starts, &ledger, place)?;
        if let Some(uri) = place.1 {
            drop_schema(uri)?;
        }
        let kills = self.starts.iter().filter(|start| !start.is_whole).count();
        Ok(format!(
            "{requests} requests, {} faults, {kills} kills; {}; {balance}",
            self.turns, memory?
        ))
    }

    /// Has one fault come and go, and everything written after it.
    fn turn(&mut self, is_killed: bool) -> Result<(), Failure> {
        let turn = self.faults.next();
        self.turns += 1;
        let under_way = self.begin_fault(&turn)?;
        self.wait(turn.lasting)?;
        match is_killed {
            // The lock of SQLite is free before the next start, which needs it.
            true => self.kill(under_way)?,
            false => drop(under_way),
        }
        self.end_faults()?;
        self.wait(turn.rest)?;
        self.flush()
            .map_err(|why| format!("after {:?}: {why}", turn.fault))
    }

    fn begin_fault(&mut self, turn: &Turn) -> Result<UnderWay, Failure> {
        let sqlite = self.directory.join("facts.sqlite");
        let outage = Outage {
            wire: self.wire.as_ref().map(|(wire, _)| wire),
            sqlite: &sqlite,
        };
        outage.begin(turn, &mut self.server)
    }

    fn end_faults(&mut self) -> Result<(), Failure> {
        let outage = Outage {
            wire: self.wire.as_ref().map(|(wire, _)| wire),
            sqlite: &self.directory,
        };
        outage.end(&mut self.server)
    }

    fn kill(&mut self, under_way: UnderWay) -> Result<(), Failure> {
        self.server.kill();
        drop(under_way);
        self.start(0)
    }

    /// Starts the server anew, on the same files.
    fn start(&mut self, warm: u64) -> Result<(), Failure> {
        let number = self.starts.len() as u64 + 1;
        let through = self.wire.as_ref().map(|(_, through)| through.clone());
        let settings = Settings {
            warm,
            ..settings(self.options, &self.directory, through, number)
        };
        self.server = Server::start(&settings)?;
        self.starts.push(start(&settings, number));
        self.traffic.send_to(Some((self.server.address, number)));
        Ok(())
    }

    /// Kills the server a last time, and starts one that has soon all that it will know.
    fn warm_up(&mut self) -> Result<(), Failure> {
        self.server.kill();
        self.start(WARM)?;
        let begin = Instant::now();
        while self.last().answer.made_up < WARM {
            self.wait(Duration::from_secs(1))?;
            self.flush()?;
            if begin.elapsed() > 10 * RECOVERY {
                return Err("the server does not get warm".to_owned());
            }
        }
        Ok(())
    }

    /// Waits, and measures meanwhile.
    fn wait(&mut self, time: Duration) -> Result<(), Failure> {
        let end = Instant::now() + time;
        while Instant::now() < end {
            thread::sleep(Duration::from_millis(250));
            let resident = self.server.resident();
            if let (Some(begin), Some(bytes)) = (self.measured, resident) {
                self.memory.sample(begin.elapsed(), bytes);
            }
            self.traffic.wrong()?;
            let row = || Row {
                requests: self.traffic.requests(),
                starts: self.starts.len(),
                faults: self.turns,
                resident,
            };
            let last = self.starts.last().map(|start| &start.answer);
            self.table.tick(row, last.unwrap_or(&Answer::default()));
        }
        Ok(())
    }

    /// Flushes all reported events, and notes the result.
    fn flush(&mut self) -> Result<(), Failure> {
        let begin = Instant::now();
        loop {
            let round = self.traffic.end_round();
            let answer = self.server.flush()?;
            let Some(failure) = answer.failure() else {
                let last = self.last();
                (last.round, last.answer) = (Some(round), answer);
                return Ok(());
            };
            if begin.elapsed() > RECOVERY {
                return Err(format!(
                    "nothing is written again for {RECOVERY:?}: {failure}"
                ));
            }
            thread::sleep(Duration::from_millis(200));
        }
    }

    fn shut_down(&mut self) -> Result<(), Failure> {
        self.traffic.send_to(None);
        let answer = self.server.shutdown()?;
        let last = self.last();
        (last.is_whole, last.round, last.answer) = (true, Some(u64::MAX), answer);
        Ok(())
    }

    fn last(&mut self) -> &mut Start {
        let last = self.starts.last_mut();
        last.unwrap_or_else(|| unreachable!("the first start comes before all"))
    }
}

fn settings(options: &Options, directory: &Path, through: Option<String>, start: u64) -> Settings {
    Settings {
        directory: directory.to_owned(),
        postgres: through,
        // Beyond all visitors of requests, and those of other starts.
        first: start * 1_000_000_000_000,
        warm: 0,
        a_second: (MADE_UP as f64 / options.fifth().as_secs_f64()) as u64,
    }
}

fn start(settings: &Settings, number: u64) -> Start {
    Start {
        number,
        first: settings.first,
        ..Start::default()
    }
}

fn drop_schema(uri: &str) -> Result<(), Failure> {
    let dropped = async {
        let mut connection = PgConnection::connect(uri).await?;
        let statement = sqlx::query("DROP SCHEMA IF EXISTS soak CASCADE");
        statement.execute(&mut connection).await?;
        connection.close().await
    };
    let runtime = Runtime::new().map_err(|error| error.to_string())?;
    let dropped = runtime.block_on(dropped);
    debug_assert_eq!(SCHEMA, "soak");
    dropped.map_err(|error| format!("PostgreSQL: {error}"))
}
