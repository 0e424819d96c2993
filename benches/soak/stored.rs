use std::{
    collections::HashSet,
    fs::File,
    io::{BufRead, BufReader},
    path::Path,
};

use serde::Deserialize;
use sqlx::PgPool;
use tokio::runtime::Runtime;
use tower_tracks::{
    Key, Units,
    store::{Batch, Postgres, Sqlite, Store, StoreError},
    unit::Unit,
};

use super::{Failure, ledger::Fact, server::SCHEMA};

/// What a sink has.
#[derive(Default)]
pub(super) struct Stored {
    exposures: HashSet<Unit>,
    goals: HashSet<Unit>,
}

/// What a line has of a unit.
#[derive(Deserialize)]
struct Line<'a> {
    #[serde(rename = "type")]
    kind: &'a str,
    unit: Option<&'a str>,
}

impl Stored {
    pub(super) fn has(&self, fact: Fact) -> bool {
        let unit = |visitor: u64| Units::raw().unit("visitor", &Key::from(visitor.to_string()));
        match fact {
            Fact::Exposure(visitor) => self.exposures.contains(&unit(visitor)),
            Fact::Goal(visitor) => self.goals.contains(&unit(visitor)),
        }
    }

    /// Returns what a sink has, by its name.
    pub(super) fn read(sink: &str, directory: &Path, uri: Option<&str>) -> Result<Self, Failure> {
        let read = match (sink, uri) {
            ("sqlite", _) => Self::of_sqlite(&directory.join("facts.sqlite")),
            ("postgres", Some(uri)) => Self::of_postgres(uri),
            _ => Self::of_lines(&directory.join("facts.jsonl")),
        };
        read.map_err(|failure| format!("{sink}: {failure}"))
    }

    fn of_sqlite(path: &Path) -> Result<Self, Failure> {
        let store = Sqlite::open(path).map_err(text)?;
        Self::of_store(&store)
    }

    fn of_postgres(uri: &str) -> Result<Self, Failure> {
        let runtime = Runtime::new().map_err(text)?;
        let store = runtime.block_on(async {
            let pool = PgPool::connect(uri).await.map_err(text)?;
            let store = Postgres::builder(pool).schema(SCHEMA).connect().await;
            store.map_err(text)
        })?;
        Self::of_store(&store)
    }

    fn of_store(store: &dyn Store) -> Result<Self, Failure> {
        let (mut stored, mut rows) = (Self::default(), 0);
        let mut add = |batch: Batch| -> Result<(), StoreError> {
            rows += batch.exposures.len() + batch.conversions.len();
            stored
                .exposures
                .extend(batch.exposures.iter().map(|row| row.unit));
            stored
                .goals
                .extend(batch.conversions.iter().map(|row| row.unit));
            Ok(())
        };
        store.dump(&mut add).map_err(text)?;
        let facts = stored.exposures.len() + stored.goals.len();
        match rows == facts {
            true => Ok(stored),
            false => Err(format!("{rows} rows of {facts} facts: some count twice")),
        }
    }

    fn of_lines(path: &Path) -> Result<Self, Failure> {
        let mut stored = Self::default();
        let file = BufReader::new(File::open(path).map_err(text)?);
        for (number, line) in file.lines().enumerate() {
            let added = line.map_err(text).and_then(|line| stored.add(&line));
            added.map_err(|failure| format!("line {}: {failure}", number + 1))?;
        }
        Ok(stored)
    }

    fn add(&mut self, line: &str) -> Result<(), Failure> {
        let line: Line<'_> = serde_json::from_str(line).map_err(text)?;
        let facts = match line.kind {
            "exposure" => &mut self.exposures,
            "conversion" => &mut self.goals,
            _ => return Ok(()),
        };
        facts.extend(line.unit.and_then(|unit| unit.parse::<Unit>().ok()));
        Ok(())
    }
}

fn text(error: impl std::fmt::Display) -> Failure {
    error.to_string()
}
