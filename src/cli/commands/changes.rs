//! The command `changes`.

use std::{fmt, path::PathBuf};

use serde::Serialize;

use crate::{
    cli::{answer::Answer, failure::Failure, session::Session},
    control::{Change, Malformed},
    report::Utc,
};

#[derive(Debug, clap::Args)]
pub(in crate::cli) struct Args {
    /// The name of a set; all sets otherwise
    set: Option<String>,

    /// A log of changes in a file of JSON lines, instead of the store
    #[arg(long, value_name = "FILE")]
    changes: Option<PathBuf>,
}

/// The answer of `changes`.
#[derive(Serialize)]
struct Listed {
    /// The changes, the last one first.
    changes: Vec<Change>,
    malformed: Vec<Malformed>,
}

pub(in crate::cli) fn run(args: &Args, session: &Session<'_>) -> Result<Answer, Failure> {
    let read = session.log(args.changes.as_deref())?.after(0)?;
    let mut changes = read.changes;
    changes.retain(|change| args.set.as_ref().is_none_or(|set| *set == change.set));
    changes.reverse();
    let malformed = read.malformed;
    Answer::of(&Listed { changes, malformed })
}

impl fmt::Display for Listed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for change in &self.changes {
            let at = Utc(change.at);
            let approval = if change.needs_approval {
                ", needs approval"
            } else {
                ""
            };
            writeln!(f, "{at}  {change}{approval}")?;
        }
        for Malformed { number, message } in &self.malformed {
            writeln!(f, "change {number} cannot be read: {message}")?;
        }
        match self.changes.is_empty() {
            true => f.write_str("no changes"),
            false => Ok(()),
        }
    }
}
