//! The command line, by the binary that is built.

#[cfg(unix)]
mod agents;
mod assign;
mod changes;
mod clickhouse;
mod doctor;
mod erase;
mod explained;
mod hostile;
mod link;
mod logs;
mod moving;
mod other_unit;
mod own;
mod plan;
mod postgres;
#[cfg(target_os = "linux")]
mod read_only;
mod renamed;
mod report;
mod terminal;
mod usage;
mod verdict_cases;
mod verify;

use std::{
    io::Write,
    path::Path,
    process::{Command, Stdio},
    time::Duration,
};

use serde_json::Value;
use tower_tracks::{MultiTrackSet, SimpleTrackSet, Units, record::Recorder, store::Sqlite};

use super::sinks::{Folder, at, builder, convert, expose};

pub(super) const SECRET: &str = "sixteen random bytes, or more";

/// What a command said, and its exit code.
#[derive(Debug)]
pub(crate) struct Ran {
    pub(crate) out: String,
    pub(crate) err: String,
    pub(crate) exit: i32,
}

impl Ran {
    pub(crate) fn of(command: &mut Command) -> Self {
        Self::with_input(command, "")
    }

    pub(super) fn with_input(command: &mut Command, input: &str) -> Self {
        let piped = command.stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = piped.stderr(Stdio::piped()).spawn().unwrap();
        // It may end without having read it.
        let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
        let output = child.wait_with_output().unwrap();
        Self {
            out: String::from_utf8(output.stdout).unwrap(),
            err: String::from_utf8(output.stderr).unwrap(),
            exit: output.status.code().unwrap(),
        }
    }

    #[track_caller]
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    /// The command failed with this code, and said why in one line.
    #[track_caller]
    pub(crate) fn failed(&self, exit: i32, message: &str) {
        assert_eq!((self.exit, &*self.out), (exit, ""), "{self:?}");
        assert_eq!(self.err, format!("error: {message}\n"));
    }
}

/// What the report of a store computes of its first phase.
pub(super) fn reported(mut report: Command) -> [Value; 4] {
    let json = Ran::of(&mut report).json();
    ["tracks", "health", "goals", "first-day"].map(|part| json["phases"][0][part].clone())
}

/// The command line without a store.
pub(super) fn tracks(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_tracks"));
    without_settings(&mut command).args(arguments);
    command
}

/// The command line with a store.
pub(crate) fn tracks_of(store: &Path, arguments: &[&str]) -> Command {
    let mut command = tracks(arguments);
    command.env("TRACKS_STORE", store);
    command
}

pub(super) fn without_settings(command: &mut Command) -> &mut Command {
    command
        .env_remove("TRACKS_STORE")
        .env_remove("TRACKS_SCHEMA")
        .env_remove("TRACKS_SECRET")
}

pub(super) fn units() -> Units {
    Units::pseudonym(SECRET).unwrap()
}

pub(super) fn pricing() -> MultiTrackSet {
    let pricing = SimpleTrackSet::new("pricing")
        .track("cheap", -1)
        .track("expensive", 1);
    pricing.build().unwrap()
}

/// Records into a file, and ends.
#[track_caller]
pub(super) fn record(path: &Path, units: Units, tell: impl FnOnce(&Recorder)) {
    let store = Sqlite::open(path).unwrap();
    let recorder = builder(units).store(store).start().unwrap();
    tell(&recorder);
    let tallies = recorder.shutdown(Duration::from_secs(60)).wait();
    let tally = tallies.get("store").unwrap();
    assert_eq!(tally.waiting(), 0, "{tally:?}");
}

/// A store in which ten visitors met prices, and the first of them bought.
pub(crate) fn small(folder: &Folder) -> std::path::PathBuf {
    let path = folder.join("tracks.sqlite");
    record(&path, units(), |recorder| {
        for visitor in 0..10 {
            expose(recorder, &pricing(), &visitor.to_string(), at(visitor));
        }
        convert(recorder, "0", "purchase", at(20));
    });
    path
}
