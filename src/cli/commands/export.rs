//! The command `export`.

use std::{
    fmt,
    fs::File,
    io::{self, BufWriter, Write},
    path::PathBuf,
};

use clap::ValueEnum;
use serde::Serialize;

use crate::{
    cli::{answer::Answer, failure::Failure, progress::Progress, session::Session},
    disk::owner_only,
    figures::count,
    files::{Export, Table},
};

#[derive(Debug, clap::Args)]
pub(in crate::cli) struct Args {
    /// The format; JSON lines have all facts
    #[arg(long, value_enum, default_value_t = Format::JsonLines)]
    format: Format,

    /// The table of the CSV file
    #[arg(long, value_enum, default_value_t = Rows::Exposures)]
    table: Rows,

    /// The file, which must not exist; defaults to the standard output. On Unix, only its owner can
    /// read it
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,

    /// Also writes the keys, if the store has them; they may identify people
    #[arg(long)]
    keys: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, ValueEnum)]
enum Format {
    /// JSON lines, which import reads
    JsonLines,
    /// One table
    Csv,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Rows {
    /// The units that were exposed to each track
    Exposures,
    /// The units that reached each goal
    Conversions,
    /// The visitors of each user
    Aliases,
    /// The units whose facts were erased
    Erasures,
}

/// The answer of `export`: the numbers of exported facts.
#[derive(Serialize)]
struct Said {
    exposures: u64,
    conversions: u64,
    aliases: u64,
    erasures: u64,
}

/// Runs `export`. Rows that go to standard output leave standard error for the answer.
pub(in crate::cli) fn run(args: &Args, session: &Session<'_>) -> Result<Answer, Failure> {
    if args.keys && args.format == Format::Csv {
        return Err(Failure::usage(
            "a CSV has no keys: --keys is for lines of JSON",
        ));
    }
    let store = session.store()?;
    let progress = Progress::of_bytes(None, "are exported");
    let out = BufWriter::new(progress.writer(args.open()?));
    let mut export = Export::of(&*store);
    if args.keys {
        export = export.keys();
    }
    let exported = match args.format {
        Format::JsonLines => export.json_lines(out)?,
        Format::Csv => export.csv(args.table.into(), out)?,
    };
    progress.done();
    let said = Said {
        exposures: exported.exposures,
        conversions: exported.conversions,
        aliases: exported.aliases,
        erasures: exported.erasures,
    };
    Ok(Answer::of(&said)?.aside(args.out.is_none()))
}

impl Args {
    /// Creates the file, or returns standard output. An existing file is an error, so that nothing
    /// is overwritten.
    fn open(&self) -> Result<Box<dyn Write>, Failure> {
        let Some(path) = &self.out else {
            return Ok(Box::new(io::stdout()));
        };
        let mut options = File::options();
        // Units and what they did are personal data, also without keys.
        let file = owner_only(options.write(true).create_new(true)).open(path);
        let file = file.map_err(|error| Failure::of(format!("writing {path:?}"), &error))?;
        Ok(Box::new(file))
    }
}

impl From<Rows> for Table {
    fn from(rows: Rows) -> Self {
        match rows {
            Rows::Exposures => Self::Exposures,
            Rows::Conversions => Self::Conversions,
            Rows::Aliases => Self::Aliases,
            Rows::Erasures => Self::Erasures,
        }
    }
}

impl fmt::Display for Said {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let rows = [
            self.exposures,
            self.conversions,
            self.aliases,
            self.erasures,
        ];
        let [exposures, conversions, aliases, erasures] = rows.map(count);
        write!(
            f,
            "exported: {exposures} exposures, {conversions} conversions, {aliases} aliases, {erasures} erasures"
        )
    }
}
