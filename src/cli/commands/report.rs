//! The command `report`.

use std::path::PathBuf;

use crate::{
    cli::{answer::Answer, exit::Exit, failure::Failure, progress::Progress, session::Session},
    control::Change,
    report::{OTHER_UNIT, PhaseReport, Report, Reporter, Utc, VerdictKind},
    store::{Store, Timestamp},
    warehouse::Cells,
};

#[derive(Debug, clap::Args)]
pub(in crate::cli) struct Args {
    /// Only this set
    #[arg(long, value_name = "NAME")]
    set: Option<String>,

    /// Prints the latest report that was computed in the background, instead of a new one
    #[arg(long)]
    stored: bool,

    /// Uses the facts up to this time, such as 2026-03-01T00:00:00Z; defaults to now
    #[arg(long, value_name = "TIME", conflicts_with = "stored")]
    as_of: Option<Utc>,

    /// Prints CSV, with a row for each phase, goal and track
    #[arg(long, conflicts_with = "json")]
    csv: bool,

    /// Reads the numbers of units and conversions from a file, or a folder of files, that an engine wrote with
    /// the text of `tracks sql`
    #[arg(long, value_name = "PATH", conflicts_with = "stored")]
    cells: Option<PathBuf>,

    /// A log of changes in a file of JSON lines, instead of the store
    #[arg(long, value_name = "FILE")]
    changes: Option<PathBuf>,
}

/// Runs `report`. A set without records is an error, since a misspelt name must not look like a set
/// without problems.
pub(in crate::cli) fn run(args: &Args, session: &Session<'_>) -> Result<Answer, Failure> {
    let store = session.store()?;
    let changes = session.changes(args.changes.as_deref())?;
    let progress = Progress::working("the report is computed");
    let report = read(args, &*store, changes)?;
    progress.done();
    if let Some(set) = &args.set
        && report.phases.is_empty()
        && report.unread.is_empty()
    {
        return Err(Failure::new(format!("no records of set {set:?}")));
    }
    let is_whole = report.unread.is_empty() && report.invalid.is_empty();
    let is_fine = is_whole && report.phases.iter().all(is_sound);
    let text = match args.csv {
        true => report.to_csv(),
        false => report.to_text(),
    };
    Ok(Answer::new(text, &report)?.exit(Exit::of_search(!is_fine)))
}

/// Returns the stored report, or computes one.
fn read(args: &Args, store: &dyn Store, changes: Vec<Change>) -> Result<Report, Failure> {
    if args.stored {
        let mut report = Reporter::stored(store)?;
        if let Some(set) = &args.set {
            // A stored report is one of all sets.
            let is_it = |phase: &PhaseReport| phase.set == *set || phase.former_names.contains(set);
            report.phases.retain(is_it);
            report.unread.retain(|unread| unread.set == *set);
        }
        return Ok(report);
    }
    let as_of = args.as_of.map_or_else(Timestamp::now, |Utc(as_of)| as_of);
    let cells = args.cells.as_ref().map(Cells::at);
    let mut reporter = Reporter::new(store, as_of).changes(changes);
    if let Some(cells) = &cells {
        reporter = reporter.attribute_by(cells);
    }
    if let Some(set) = &args.set {
        reporter = reporter.set(set.as_str());
    }
    Ok(reporter.compute()?)
}

/// Returns whether the phase needs no attention: the goals may be read, and no track is worse. It
/// decides the exit code.
fn is_sound(phase: &PhaseReport) -> bool {
    use VerdictKind::{Crossed, Mismatch, Stray, WeightsChanged};
    let tracks = phase.goals.iter().flat_map(|goal| &goal.tracks);
    let mut verdicts = tracks.filter_map(|track| track.verdict.as_ref());
    let is_harm = phase.alarms().next().is_some() || phase.worse_guardrails().next().is_some();
    let is_bad = |kind| matches!(kind, Mismatch | Stray | WeightsChanged | Crossed);
    let is_mixed = phase.notices.iter().any(|notice| notice.kind == OTHER_UNIT);
    let is_read = phase.covered.is_none() && !is_mixed;
    is_read && !is_harm && !verdicts.any(|verdict| is_bad(verdict.kind))
}
