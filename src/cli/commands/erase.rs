//! The command `erase`.

use std::{
    fmt,
    io::{self, BufRead, IsTerminal, Write},
    path::PathBuf,
};

use serde::Serialize;

use crate::{
    cli::{answer::Answer, failure::Failure, inputs, secret::SecretArgs, session::Session},
    figures::count,
    store::{ErasedRow, History, Store, Timestamp},
    unit::Unit,
};

#[derive(Debug, clap::Args)]
pub(in crate::cli) struct Args {
    /// The kind of the key, such as visitor or user
    #[arg(required_unless_present = "unit", conflicts_with = "unit")]
    kind: Option<String>,

    /// The key. It stays in the history of the shell, so prefer the standard input or --key-file
    #[arg(long, value_name = "KEY", conflicts_with_all = ["key_file", "unit"])]
    key: Option<String>,

    /// A file whose first line is the key
    #[arg(long, value_name = "FILE", conflicts_with = "unit")]
    key_file: Option<PathBuf>,

    /// The unit as 32 hexadecimal digits, instead of kind and key
    #[arg(long, value_name = "UNIT")]
    unit: Option<String>,

    /// Skips the confirmation; required if the standard input is not a terminal
    #[arg(long)]
    yes: bool,

    #[command(flatten)]
    secret: SecretArgs,
}

/// The maximum number of linked units that are listed.
const SHOWN: usize = 1000;

/// The copies of data that the command does not delete.
const UNREACHED: &str = "not erased: JSON lines, access logs, backups, and sums over requests";

/// The answer of `erase`.
#[derive(Serialize)]
struct Erased {
    unit: String,
    rows: u64,
    /// The linked units, which are kept; at most a thousand.
    others: Vec<String>,
    /// Whether there are more linked units.
    more_others: bool,
    unreached: &'static str,
}

/// Runs `erase`. The history is read before: it is a part of the question, and its links are gone
/// afterwards.
pub(in crate::cli) fn run(args: &Args, session: &Session<'_>) -> Result<Answer, Failure> {
    if !args.yes && !io::stdin().is_terminal() {
        let message = "--yes is required when the standard input is not a terminal";
        return Err(Failure::usage(message));
    }
    let store = session.store()?;
    let unit = args.unit(&*store)?;
    // One more than is listed shows whether there are others.
    let mut history = store.history_part(unit, 0, SHOWN + 1)?;
    if !args.yes && !is_confirmed(unit, &history)? {
        return Err(Failure::new("nothing was erased"));
    }
    let rows = store.erase(ErasedRow {
        unit,
        // After the confirmation, so that facts which were written while the question waited are
        // erased, too.
        at: Timestamp::now(),
    })?;
    let more_others = history.aliases.len() > SHOWN;
    history.aliases.truncate(SHOWN);
    let others = history.aliases.iter().map(|(_, other)| other.to_string());
    Answer::of(&Erased {
        unit: unit.to_string(),
        rows,
        others: others.collect(),
        more_others,
        unreached: UNREACHED,
    })
}

impl Args {
    /// Returns the unit, as given or computed from kind and key.
    fn unit(&self, store: &dyn Store) -> Result<Unit, Failure> {
        if let Some(unit) = &self.unit {
            let unit = unit.parse::<Unit>();
            return unit.map_err(|_| Failure::usage("a unit is 32 hexadecimal digits"));
        }
        let kind = inputs::kind(self.kind.as_deref().unwrap_or_default())?;
        let units = self.secret.units_of(store.units()?.as_deref())?;
        let key = self.key()?;
        Ok(units.unit(kind, &inputs::key(&key)?))
    }

    /// Returns the key from the argument, the file, or standard input.
    fn key(&self) -> Result<String, Failure> {
        if let Some(key) = &self.key {
            return Ok(key.clone());
        }
        if let Some(path) = &self.key_file {
            return line(&mut *inputs::open(path)?);
        }
        if io::stdin().is_terminal() {
            write!(io::stderr(), "key: ").ok();
        }
        line(&mut io::stdin().lock())
    }
}

/// Asks for confirmation on the terminal. Only `yes` confirms.
fn is_confirmed(unit: Unit, history: &History) -> Result<bool, Failure> {
    let facts = [history.exposures.len(), history.conversions.len()];
    let at_least = match facts.iter().any(|number| *number > SHOWN) {
        true => "more than 1,000 facts, among them ",
        false => "",
    };
    let [exposures, conversions] = facts.map(|number| count(number as u64));
    write!(
        io::stderr(),
        "erase unit {unit}, with {at_least}{exposures} exposures and {conversions} conversions, for good? \
         yes or no: "
    )
    .ok();
    Ok(line(&mut io::stdin().lock())? == "yes")
}

/// Reads one line, without its end.
fn line(reader: &mut dyn BufRead) -> Result<String, Failure> {
    let mut line = String::new();
    let read = reader.read_line(&mut line);
    read.map_err(|error| Failure::of("reading the key", &error))?;
    Ok(line.trim_end_matches(['\r', '\n']).to_owned())
}

impl fmt::Display for Erased {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (unit, rows) = (&self.unit, count(self.rows));
        writeln!(f, "unit {unit}: {rows} rows were erased for good")?;
        if self.rows == 0 {
            writeln!(
                f,
                "no data was stored for it here: check the kind and the key. The erasure itself is stored, and \
                 `export` writes it"
            )?;
        }
        for other in &self.others {
            writeln!(
                f,
                "it is linked to unit {other}, which is kept: erase it with --unit"
            )?;
        }
        if self.more_others {
            let shown = count(SHOWN as u64);
            writeln!(f, "and to more than {shown} others, which are kept")?;
        }
        f.write_str(self.unreached)
    }
}
