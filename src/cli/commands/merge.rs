//! The command `merge`.

use std::{fmt, fs};

use serde::Serialize;

use crate::{
    cli::{
        answer::Answer,
        failure::Failure,
        place::{STORE, called},
        progress::Progress,
        session::Session,
    },
    figures::count,
    store::{Rows, Store, Written, merge},
};

#[derive(Debug, clap::Args)]
pub(in crate::cli) struct Args {
    /// The stores to merge; they are not changed. The target store is created if it does not exist
    #[arg(required = true, value_name = STORE)]
    from: Vec<String>,
}

/// The rows of a table: how many were new, known, or of an erased unit.
#[derive(Serialize)]
struct Counted {
    new: u64,
    known: u64,
    erased: u64,
}

/// The answer of `merge`.
#[derive(Serialize)]
struct Merged {
    stores: usize,
    exposures: Counted,
    conversions: Counted,
    aliases: Counted,
}

/// Runs `merge`. All other stores are opened before the first is merged, so that a wrong path
/// changes nothing.
pub(in crate::cli) fn run(args: &Args, session: &Session<'_>) -> Result<Answer, Failure> {
    let place = session.place()?;
    let others: Vec<_> = args
        .from
        .iter()
        .map(|from| other(session, place, from))
        .collect::<Result<_, _>>()?;
    let store = session.store_or_new()?;
    let progress = Progress::counting("rows are merged");
    let mut written = Written::default();
    for (from, other) in args.from.iter().zip(&others) {
        let merged = merge(&*store, &**other, |rows| progress.add(rows));
        written +=
            merged.map_err(|error| Failure::of(format!("merging {}", called(from)), &error))?;
    }
    progress.done();
    Answer::of(&Merged {
        stores: others.len(),
        exposures: written.exposures.into(),
        conversions: written.conversions.into(),
        aliases: written.aliases.into(),
    })
}

/// Opens a store that is to be merged. Merging a store into itself is an error.
fn other(session: &Session<'_>, place: &str, from: &str) -> Result<Box<dyn Store>, Failure> {
    // A link, or another spelling of the path, may lead to the same file. URLs are not compared.
    let is_one_file = match (fs::canonicalize(place), fs::canonicalize(from)) {
        (Ok(into), Ok(from)) => into == from,
        _ => false,
    };
    if is_one_file || place == from {
        let message = format!("{} cannot be merged into itself", called(place));
        return Err(Failure::usage(message));
    }
    session.open(from)
}

impl From<Rows> for Counted {
    fn from(rows: Rows) -> Self {
        let Rows { new, known, erased } = rows;
        Self { new, known, erased }
    }
}

impl fmt::Display for Merged {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{:13}{:>12}{:>12}{:>12}", "", "new", "known", "erased")?;
        for (name, rows) in [
            ("exposures", &self.exposures),
            ("conversions", &self.conversions),
            ("aliases", &self.aliases),
        ] {
            let [new, known, erased] = [rows.new, rows.known, rows.erased].map(count);
            writeln!(f, "{name:13}{new:>12}{known:>12}{erased:>12}")?;
        }
        f.write_str(
            "definitions, plans, sums over requests, losses, erasures and what was set aside came \
             along; reports are to be computed again",
        )
    }
}
