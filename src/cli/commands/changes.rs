//! The command `changes`.

use std::{collections::HashSet, fmt, path::PathBuf};

use serde::Serialize;

use crate::{
    cli::{answer::Answer, failure::Failure, session::Session},
    control::{Change, Malformed},
    report::Utc,
    store::WholePhase,
};

#[derive(Debug, clap::Args)]
pub(in crate::cli) struct Args {
    /// The name of a set, which has its changes under former names too; all sets otherwise
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
    if let Some(set) = &args.set {
        let names = names(set, session)?;
        changes.retain(|change| names.contains(&change.set));
    }
    changes.reverse();
    let malformed = read.malformed;
    Answer::of(&Listed { changes, malformed })
}

/// Returns the names that a set has and had, as far as the store and the application know them.
fn names(set: &str, session: &Session<'_>) -> Result<HashSet<String>, Failure> {
    let mut names = HashSet::from([set.to_owned()]);
    let own = session.groups.iter().flat_map(|group| group.sets());
    for own in own.filter(|own| own.is_named(set)) {
        names.insert(own.name().to_owned());
        names.extend(own.former_names().iter().cloned());
    }
    // A log in a file may be read without a store.
    if session.is_there() {
        let phases = WholePhase::all(session.store()?.phases()?);
        let its = phases.iter().filter(|whole| whole.is_of_set(set));
        let stored = its.flat_map(|whole| whole.stored.iter().chain([&whole.phase.name]));
        names.extend(stored.map(|phase| phase.set.to_string()));
    }
    Ok(names)
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
