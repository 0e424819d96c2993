use std::path::PathBuf;

use crate::{
    cli::{
        answer::Answer, definitions, exit::Exit, failure::Failure, progress::Progress,
        secret::SecretArgs, session::Session,
    },
    store::{Phase, Store},
};

use super::{
    ledger::{Completeness, Ledger},
    recomputed::Recomputed,
    verified::Verified,
};

#[derive(Debug, clap::Args)]
pub(in crate::cli) struct Args {
    /// A file with a key on each line, or - for the standard input; defaults to the keys that the
    /// store has beside raw units
    #[arg(long, value_name = "FILE")]
    keys: Option<PathBuf>,

    /// The file has all keys: a unit without a key in it disagrees
    #[arg(long, requires = "keys")]
    all_keys: bool,

    #[command(flatten)]
    secret: SecretArgs,
}

/// Runs `verify-log`: recomputes each stored exposure whose key is known.
pub(in crate::cli) fn run(args: &Args, session: &Session<'_>) -> Result<Answer, Failure> {
    let store = session.store()?;
    let phases = store.phases()?;
    let progress = Progress::counting("rows are recomputed");
    let mut verified = Verified::default();
    let mut recomputed = Recomputed {
        ledger: args.ledger(&*store, &phases, &progress, &mut verified)?,
        definitions: definitions::of_phases(&phases),
        groups: session.groups,
        verified,
    };
    store.dump(&mut |batch| {
        for row in &batch.exposures {
            recomputed.check(&batch.tracks()[row.track as usize], row);
        }
        progress.add(batch.exposures.len());
        Ok(())
    })?;
    progress.done();
    let verified = recomputed.verified;
    Ok(Answer::of(&verified)?.exit(exit(&verified)))
}

impl Args {
    /// Returns the keys of the file, or those of the store.
    fn ledger(
        &self,
        store: &dyn Store,
        phases: &[Phase],
        progress: &Progress,
        verified: &mut Verified,
    ) -> Result<Ledger, Failure> {
        let Some(path) = &self.keys else {
            return Ledger::of_store(store, progress, verified);
        };
        let units = self.secret.units_of(store.units()?.as_deref())?;
        let mut ledger = Ledger::of_file(path, &units, phases)?;
        if self.all_keys {
            ledger.is = Completeness::Whole;
        }
        Ok(ledger)
    }
}

/// Returns the exit code: a disagreement counts more than rows that cannot be verified.
fn exit(verified: &Verified) -> Exit {
    match verified {
        Verified { disagreed: 1.., .. } => Exit::Found,
        Verified {
            agreed: 0,
            unverifiable: 1..,
            ..
        } => Exit::Unverified,
        _ => Exit::Fine,
    }
}
