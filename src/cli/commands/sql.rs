//! The command `sql`.

use std::path::PathBuf;

use serde::Serialize;

use crate::{
    cli::{answer::Answer, failure::Failure, session::Session},
    report::{Reporter, Utc},
    store::Timestamp,
    warehouse::{Dialect, sql},
};

#[derive(Debug, clap::Args)]
pub(in crate::cli) struct Args {
    /// The name of a set
    set: String,

    /// The number of a phase; defaults to the latest one
    #[arg(long, value_name = "NUMBER")]
    phase: Option<u32>,

    /// The dialect of the engine: standard (PostgreSQL, DuckDB, DataFusion), spark, clickhouse, bigquery or
    /// snowflake
    #[arg(long, default_value = "standard")]
    dialect: Dialect,

    /// Counts the facts before this time, such as 2026-03-01T00:00:00Z; defaults to now
    #[arg(long, value_name = "TIME")]
    as_of: Option<Utc>,

    /// A log of changes in a file of JSON lines, instead of the store
    #[arg(long, value_name = "FILE")]
    changes: Option<PathBuf>,
}

/// The answer of `sql`, for programs.
#[derive(Serialize)]
struct Printed<'a> {
    set: &'a str,
    phase: u32,
    as_of: Utc,
    dialect: &'static str,
    is_tested: bool,
    sql: &'a str,
}

pub(in crate::cli) fn run(args: &Args, session: &Session<'_>) -> Result<Answer, Failure> {
    let store = session.store()?;
    let changes = session.log(args.changes.as_deref())?.after(0)?.changes;
    let as_of = args.as_of.map_or_else(Timestamp::now, |Utc(as_of)| as_of);
    let reporter = Reporter::new(&*store, as_of).changes(changes);
    let questions = reporter.set(args.set.as_str()).questions()?.into_iter();
    let asked =
        questions.filter(|question| args.phase.is_none_or(|phase| question.phase.phase == phase));
    let Some(question) = asked.max_by_key(|question| question.phase.phase) else {
        let phase = args
            .phase
            .map_or(String::new(), |phase| format!(", phase {phase}"));
        return Err(Failure::new(format!(
            "no records of set {:?}{phase}",
            args.set
        )));
    };
    let text = sql(&question, &store.phases()?, args.dialect);
    let text = text.map_err(|error| Failure::new(error.to_string()))?;
    let printed = Printed {
        set: &question.phase.set,
        phase: question.phase.phase,
        as_of: Utc(as_of),
        dialect: args.dialect.name(),
        is_tested: args.dialect.is_tested(),
        sql: &text,
    };
    Answer::new(text.clone(), &printed)
}
