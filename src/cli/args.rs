use clap::{Parser, Subcommand};

use super::{
    answer::Answer,
    commands::{assign, doctor, erase, export, import, link, merge, plan, report, verify},
    exit::EXIT_CODES,
    failure::Failure,
    session::Session,
};

/// How the place of a store is called in a help.
pub(super) const STORE: &str = if cfg!(feature = "postgres") {
    "PATH|URL"
} else {
    "PATH"
};

/// How long one reading may take, in seconds.
const TIMEOUT: u32 = 600;

/// Reads, checks and moves what tower-tracks recorded
#[derive(Debug, Parser)]
#[command(name = "tracks", version, after_help = EXIT_CODES, subcommand_required = true)]
#[command(arg_required_else_help = true)]
pub(super) struct Args {
    /// The store: the path of a file of SQLite, or, with the feature `postgres`, a URL such as
    /// `postgresql://user@host/database`
    #[arg(long, global = true, env = "TRACKS_STORE", hide_env_values = true)]
    #[arg(value_name = STORE)]
    pub(super) store: Option<String>,

    /// The schema that a store in PostgreSQL has
    #[cfg(feature = "postgres")]
    #[arg(long, global = true, env = "TRACKS_SCHEMA", default_value = "tracks")]
    #[arg(value_name = "NAME")]
    pub(super) schema: String,

    /// How many seconds one reading of a store may take that is a file of SQLite
    #[arg(long, global = true, value_name = "SECONDS", default_value_t = TIMEOUT)]
    #[arg(value_parser = clap::value_parser!(u32).range(1..))]
    pub(super) timeout: u32,

    /// Says it as JSON, for programs
    #[arg(long, global = true)]
    pub(super) json: bool,

    #[command(subcommand)]
    pub(super) command: Command,
}

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// What was found so far
    Report(report::Args),
    /// How many units and days a test needs, or what it can find
    Plan(plan::Args),
    /// Which track keys are in, and why
    Assign(assign::Args),
    /// What is wrong with the set-up, as far as the store shows it
    Doctor(doctor::Args),
    /// Whether recorded assignments are what their definitions say
    VerifyLog(verify::Args),
    /// Facts from lines of JSON or an access log, into the store
    Import(import::Args),
    /// Facts out of the store, as lines of JSON or CSV
    Export(export::Args),
    /// Everything of other stores, into the store
    Merge(merge::Args),
    /// Forgets somebody
    Erase(erase::Args),
    /// A link that shows a track before visitors see it
    Link(link::Args),
}

impl Command {
    pub(super) fn run(&self, session: &Session<'_>) -> Result<Answer, Failure> {
        match self {
            Self::Report(args) => report::run(args, session),
            Self::Plan(args) => plan::run(args),
            Self::Assign(args) => assign::run(args, session),
            Self::Doctor(args) => doctor::run(args, session),
            Self::VerifyLog(args) => verify::run(args, session),
            Self::Import(args) => import::run(args, session),
            Self::Export(args) => export::run(args, session),
            Self::Merge(args) => merge::run(args, session),
            Self::Erase(args) => erase::run(args, session),
            Self::Link(args) => link::run(args, session),
        }
    }
}
