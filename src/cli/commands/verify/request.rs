use std::{path::PathBuf, rc::Rc, time::Duration};

use crate::{
    assign::Set,
    cli::{
        answer::Answer, definitions, exit::Exit, failure::Failure, progress::Progress,
        secret::SecretArgs, session::Session,
    },
    control::Change,
    store::{Phase, Store, WholePhase},
};

use super::{
    ledger::{Completeness, Ledger},
    recomputed::{Recomputed, Timelines},
    timeline::Timeline,
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

    /// A log of changes in a file of JSON lines, instead of the store
    #[arg(long, value_name = "FILE")]
    changes: Option<PathBuf>,

    /// How often the nodes of the service read the log of changes, in seconds
    #[arg(long, value_name = "SECONDS", default_value_t = 2)]
    every: u32,

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
        timelines: args.timelines(phases, session)?,
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
    /// Returns what changes made of each phase, also under former names of its set. A phase without changes,
    /// or whose definitions cannot be read, has no timeline.
    fn timelines(&self, phases: Vec<Phase>, session: &Session<'_>) -> Result<Timelines, Failure> {
        let changes = session.log(self.changes.as_deref())?.after(0)?.changes;
        let mut timelines = Timelines::new();
        for whole in WholePhase::all(phases) {
            let timeline = self.timeline(&whole, &changes, session);
            let Some(timeline) = timeline.map_err(Failure::new)? else {
                continue;
            };
            let timeline = Rc::new(timeline);
            for stored in whole.stored {
                timelines.insert((stored.set, stored.phase), Rc::clone(&timeline));
            }
        }
        Ok(timelines)
    }

    fn timeline(
        &self,
        whole: &WholePhase,
        changes: &[Change],
        session: &Session<'_>,
    ) -> Result<Option<Timeline>, String> {
        let Ok(replays) = definitions::replays(&whole.phase) else {
            return Ok(None);
        };
        let Some(last) = replays.last() else {
            return Ok(None);
        };
        let changes = whole.changes(changes, last.set()?.name());
        if changes.is_empty() {
            return Ok(None);
        }
        let own = own(whole, session);
        let shares = replays.iter().map(|replay| replay.share);
        let shares: Vec<f64> = shares.chain(own.map(|(share, _)| share)).collect();
        let last = replays.into_iter().next_back();
        let last = last.map(|last| last.in_group(own.is_none_or(|(_, is_alone)| is_alone)));
        // Two readings, since one may just have been missed, and a second for the writing.
        let delay = 2 * Duration::from_secs(self.every.into()) + Duration::from_secs(1);
        Ok(last.map(|last| Timeline::of(&last, &shares, &changes, delay)))
    }

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

/// Returns the share of a set of the application, and whether it is the only set of its group.
fn own(whole: &WholePhase, session: &Session<'_>) -> Option<(f64, bool)> {
    session.groups.iter().find_map(|group| {
        let sets = group.sets();
        let is_its = |set: &&&Set| whole.stored.iter().any(|stored| set.is_named(&stored.set));
        let set = sets.iter().find(is_its)?;
        Some((set.share(), sets.len() == 1))
    })
}

/// Returns the exit code: a disagreement counts more than rows that cannot be verified.
fn exit(verified: &Verified) -> Exit {
    match verified {
        Verified { disagreed: 1.., .. }
        | Verified {
            unexpected: 1.., ..
        } => Exit::Found,
        Verified {
            agreed: 0,
            unverifiable: 1..,
            ..
        } => Exit::Unverified,
        _ => Exit::Fine,
    }
}
