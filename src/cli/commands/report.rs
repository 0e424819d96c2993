use std::fmt;

use serde::Serialize;

use crate::{
    cli::{answer::Answer, exit::Exit, failure::Failure, progress::Progress, session::Session},
    record::{Store, Timestamp},
    report::{PhaseReport, Report, Reporter, VerdictKind},
};

#[derive(Debug, clap::Args)]
pub(in crate::cli) struct Args {
    /// One set alone
    #[arg(long, value_name = "NAME")]
    set: Option<String>,

    /// As it was last computed in the background; without it, it is computed now
    #[arg(long)]
    stored: bool,

    /// Says it as CSV: a row for each phase, goal and track
    #[arg(long, conflicts_with = "json")]
    csv: bool,
}

/// A report as text or CSV.
#[derive(Serialize)]
#[serde(transparent)]
struct Said<'a> {
    report: &'a Report,
    #[serde(skip)]
    as_csv: bool,
}

pub(in crate::cli) fn run(args: &Args, session: &Session<'_>) -> Result<Answer, Failure> {
    let store = session.store()?;
    let progress = Progress::working("the report is computed");
    let report = read(args, &*store)?;
    progress.done();
    if let Some(set) = &args.set
        && report.phases.is_empty()
        && report.unread.is_empty()
    {
        return Err(Failure::new(format!("nothing was recorded of set {set:?}")));
    }
    let exit = match report.unread.is_empty() && report.phases.iter().all(is_sound) {
        true => Exit::Fine,
        false => Exit::Found,
    };
    let said = Said {
        report: &report,
        as_csv: args.csv,
    };
    Ok(Answer::of(&said)?.exit(exit))
}

fn read(args: &Args, store: &dyn Store) -> Result<Report, Failure> {
    if args.stored {
        let mut report = Reporter::stored(store)?;
        if let Some(set) = &args.set {
            report.phases.retain(|phase| phase.set == *set);
            report.unread.retain(|unread| unread.set == *set);
        }
        return Ok(report);
    }
    let reporter = Reporter::new(store, Timestamp::now());
    let reporter = match &args.set {
        Some(set) => reporter.set(set.as_str()),
        None => reporter,
    };
    Ok(reporter.compute()?)
}

/// Whether the units are where they should be, so that the goals may be read.
fn is_sound(phase: &PhaseReport) -> bool {
    use VerdictKind::{Crossed, Mismatch, Stray};
    let tracks = phase.goals.iter().flat_map(|goal| &goal.tracks);
    let mut verdicts = tracks.filter_map(|track| track.verdict.as_ref());
    phase.covered.is_none() && !verdicts.any(|said| matches!(said.kind, Mismatch | Stray | Crossed))
}

impl fmt::Display for Said<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&match self.as_csv {
            true => self.report.to_csv(),
            false => self.report.to_text(),
        })
    }
}
