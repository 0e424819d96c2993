//! The command `sql`.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    sync::Arc,
};

use serde::Serialize;

use crate::{
    cli::{answer::Answer, failure::Failure, session::Session},
    report::{Reporter, Utc},
    store::{Phase, Question, Timestamp},
    warehouse::{Dialect, sql},
};

#[derive(Debug, clap::Args)]
pub(in crate::cli) struct Args {
    /// The name of a set; with --out, any number of them, and all sets without a name
    #[arg(value_name = "SET", required_unless_present = "out")]
    sets: Vec<String>,

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

    /// A folder that gets a file for each set, such as pricing.sql. Files of these names are replaced
    #[arg(long, value_name = "FOLDER")]
    out: Option<PathBuf>,

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

/// The answer of `sql --out`, for programs.
#[derive(Serialize)]
struct Written<'a> {
    sets: Vec<&'a str>,
    as_of: Utc,
    dialect: &'static str,
    is_tested: bool,
}

pub(in crate::cli) fn run(args: &Args, session: &Session<'_>) -> Result<Answer, Failure> {
    let store = session.store()?;
    let changes = session.changes(args.changes.as_deref())?;
    let as_of = args.as_of.map_or_else(Timestamp::now, |Utc(as_of)| as_of);
    let reporter = || Reporter::new(&*store, as_of).changes(changes.clone());
    let phases = store.phases()?;
    let questions = args.questions(reporter)?;
    match &args.out {
        Some(folder) => args.write(folder, &questions, &phases, as_of),
        None => args.print(&questions, &phases, as_of),
    }
}

impl Args {
    /// Returns the question about each set that was named, by default about all.
    fn questions<'a>(
        &self,
        reporter: impl Fn() -> Reporter<'a>,
    ) -> Result<BTreeMap<Arc<str>, Question>, Failure> {
        if self.sets.is_empty() {
            return Ok(self.latest(reporter().questions()?));
        }
        let mut all = BTreeMap::new();
        for name in &self.sets {
            let of_set = self.latest(reporter().set(name.as_str()).questions()?);
            if of_set.is_empty() {
                return Err(self.unknown(name));
            }
            all.extend(of_set);
        }
        Ok(all)
    }

    /// Returns the question about the latest phase of each set, or about the phase that was asked for.
    fn latest(&self, mut all: Vec<Question>) -> BTreeMap<Arc<str>, Question> {
        all.retain(|question| self.phase.is_none_or(|one| question.phase.phase == one));
        all.sort_by_key(|question| question.phase.phase);
        let by_set = |question: Question| (Arc::clone(&question.phase.set), question);
        all.into_iter().map(by_set).collect()
    }

    fn unknown(&self, name: &str) -> Failure {
        let phase = self
            .phase
            .map_or(String::new(), |phase| format!(", phase {phase}"));
        Failure::new(format!("no records of set {name:?}{phase}"))
    }

    fn text(&self, question: &Question, phases: &[Phase]) -> Result<String, Failure> {
        let text = sql(question, phases, self.dialect);
        text.map_err(|error| Failure::new(error.to_string()))
    }

    /// Prints the question about one set.
    fn print(
        &self,
        questions: &BTreeMap<Arc<str>, Question>,
        phases: &[Phase],
        as_of: Timestamp,
    ) -> Result<Answer, Failure> {
        let mut questions = questions.values();
        let (Some(question), None) = (questions.next(), questions.next()) else {
            let message = "--out is required for several sets: a file has one statement";
            return Err(Failure::usage(message));
        };
        let text = self.text(question, phases)?;
        let printed = Printed {
            set: &question.phase.set,
            phase: question.phase.phase,
            as_of: Utc(as_of),
            dialect: self.dialect.name(),
            is_tested: self.dialect.is_tested(),
            sql: &text,
        };
        Answer::new(text.clone(), &printed)
    }

    /// Writes a file for each set.
    fn write(
        &self,
        folder: &Path,
        questions: &BTreeMap<Arc<str>, Question>,
        phases: &[Phase],
        as_of: Timestamp,
    ) -> Result<Answer, Failure> {
        let failed = |path: &Path, error| Failure::of(format!("writing {path:?}"), &error);
        fs::create_dir_all(folder).map_err(|error| failed(folder, error))?;
        for (set, question) in questions {
            let path = folder.join(format!("{set}.sql"));
            let text = self.text(question, phases)?;
            fs::write(&path, text).map_err(|error| failed(&path, error))?;
        }
        let sets: Vec<&str> = questions.keys().map(|set| &**set).collect();
        let text = match sets.len() {
            0 => "no set has records, so no question was written".to_owned(),
            _ => format!("questions were written: {}", sets.join(", ")),
        };
        let written = Written {
            sets,
            as_of: Utc(as_of),
            dialect: self.dialect.name(),
            is_tested: self.dialect.is_tested(),
        };
        Answer::new(text, &written)
    }
}
