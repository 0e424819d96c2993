//! Reads, checks and moves what tower-tracks recorded.

use std::process::ExitCode;

use tower_tracks::cli::Program;

fn main() -> ExitCode {
    Program::new().run()
}
