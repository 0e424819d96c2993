use clap::{Parser, Subcommand};

use super::{
    answer::Answer,
    commands::{
        assign, change, changes, doctor, erase, export, import, link, merge, plan, report, sql,
        verify,
    },
    exit::EXIT_CODES,
    failure::Failure,
    session::{Session, StoreArgs},
};

/// Reports, checks, imports and exports the records of tower-tracks
#[derive(Debug, Parser)]
#[command(name = "tracks", version, after_help = EXIT_CODES, subcommand_required = true)]
#[command(arg_required_else_help = true)]
pub(super) struct Args {
    #[command(flatten)]
    pub(super) store: StoreArgs,

    /// Prints JSON, for programs
    #[arg(long, global = true)]
    pub(super) json: bool,

    #[command(subcommand)]
    pub(super) command: Command,
}

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Prints the results so far
    Report(report::Args),
    /// Prints how many units and days a test needs, or which effect it can detect
    Plan(plan::Args),
    /// Prints the track of each key, and how it follows
    Assign(assign::Args),
    /// Prints the changes of running tests, and what is in force
    Changes(changes::Args),
    #[command(flatten)]
    Change(change::Args),
    /// Prints problems of the set-up that are visible in the store
    Doctor(doctor::Args),
    /// Checks whether recorded assignments follow from their definitions
    VerifyLog(verify::Args),
    /// Imports JSON lines or an access log into the store
    Import(import::Args),
    /// Exports facts from the store, as JSON lines or CSV
    Export(export::Args),
    /// Merges other stores into the store
    Merge(merge::Args),
    /// Deletes the data of one unit
    Erase(erase::Args),
    /// Prints the question of a report as SQL, for the engine of a data warehouse
    Sql(sql::Args),
    /// Prints a link that shows a track before visitors see it
    Link(link::Args),
}

impl Command {
    /// Runs the command, and returns its answer.
    pub(super) fn run(&self, session: &Session<'_>) -> Result<Answer, Failure> {
        match self {
            Self::Report(args) => report::run(args, session),
            Self::Plan(args) => plan::run(args, session),
            Self::Assign(args) => assign::run(args, session),
            Self::Changes(args) => changes::run(args, session),
            Self::Change(args) => change::run(args, session),
            Self::Doctor(args) => doctor::run(args, session),
            Self::VerifyLog(args) => verify::run(args, session),
            Self::Import(args) => import::run(args, session),
            Self::Export(args) => export::run(args, session),
            Self::Merge(args) => merge::run(args, session),
            Self::Erase(args) => erase::run(args, session),
            Self::Sql(args) => sql::run(args, session),
            Self::Link(args) => link::run(args, session),
        }
    }
}
