//! Long runs of a recorder.
//!
//! * `cargo bench --bench soak` records ten million visitors into SQLite: how fast that goes, and
//!   whether memory stays where it is. With `-- --test` it records a twentieth.
//! * `cargo bench --bench soak -- --minutes 30` drives a server through faults, kills it, and counts
//!   afterwards whether each exposure and goal is stored or counted as lost. `--seed 42` repeats the
//!   order of the faults. PostgreSQL takes part where `TRACKS_TEST_POSTGRES` names a database, as in
//!   `.ci/soak 30`.

#![allow(missing_docs, clippy::unwrap_used)]

mod balance;
mod fault;
mod ledger;
mod memory;
mod options;
mod outage;
mod process;
mod random;
mod server;
mod soak;
mod stored;
mod table;
mod traffic;
mod visitors;
// The proxy of the tests, which use more of it.
#[allow(dead_code)]
#[path = "../../tests/it/wire/mod.rs"]
mod wire;

use std::process::ExitCode;

use self::{
    options::{Mode, Options},
    soak::Soak,
};

/// Why the soak did not pass.
type Failure = String;

fn main() -> ExitCode {
    match Mode::of(std::env::args().skip(1)) {
        Ok(Mode::Visitors { is_short }) => visitors::record(is_short),
        Ok(Mode::Serve(settings)) => server::serve(&settings),
        Ok(Mode::Soak(options)) => return soak(&options),
        Err(failure) => {
            eprintln!("{failure}");
            return ExitCode::from(2);
        }
    }
    ExitCode::SUCCESS
}

fn soak(options: &Options) -> ExitCode {
    println!("soak: seed {}, {} minutes", options.seed, options.minutes);
    match Soak::run(options) {
        Ok(line) => {
            println!("soak: passed: {line}");
            ExitCode::SUCCESS
        }
        Err(failure) => {
            println!("soak: FAILED, with seed {}: {failure}", options.seed);
            ExitCode::FAILURE
        }
    }
}
