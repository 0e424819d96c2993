//! The command `doctor`.

use std::{collections::BTreeMap, fmt};

use serde::Serialize;

use crate::{
    cli::{answer::Answer, exit::Exit, failure::Failure, progress::Progress, session::Session},
    event::Goal,
    figures::count,
    report::{LostEvents, PhaseReport, Report, Reporter},
    store::{Store, Timestamp},
};

#[derive(Debug, clap::Args)]
pub(in crate::cli) struct Args {
    /// Only this set
    #[arg(long, value_name = "NAME")]
    set: Option<String>,
}

/// The answer of `doctor`: the problems of a store.
#[derive(Serialize)]
struct Examined {
    sets: usize,
    findings: Vec<Finding>,
}

/// One problem, as a sentence.
#[derive(Serialize)]
struct Finding {
    /// The set and its phase; `None` for a problem of the whole store.
    set: Option<String>,
    sentence: String,
}

/// Runs `doctor`: computes the report, and lists its notices and losses.
pub(in crate::cli) fn run(args: &Args, session: &Session<'_>) -> Result<Answer, Failure> {
    let store = session.store()?;
    let progress = Progress::working("the store is examined");
    let mut reporter = Reporter::new(&*store, Timestamp::now());
    if let Some(set) = &args.set {
        reporter = reporter.set(set.as_str());
    }
    let examined = Examined::of(&reporter.compute()?, &*store)?;
    progress.done();
    let exit = Exit::of_search(!examined.findings.is_empty());
    Ok(Answer::of(&examined)?.exit(exit))
}

impl Examined {
    /// Returns the problems of a report, those of the store first.
    fn of(report: &Report, store: &dyn Store) -> Result<Self, Failure> {
        let latest = latest(report);
        let mut findings = Vec::new();
        if latest.is_empty() && report.unread.is_empty() {
            findings.push(Finding::of_store(without_records(&store.goals()?)));
        }
        findings.extend(report.unread.iter().map(|unread| Finding {
            set: Some(unread.set.clone()),
            sentence: unread.why.clone(),
        }));
        let invalid = report.invalid.iter().cloned();
        findings.extend(invalid.map(Finding::of_store));
        findings.extend(latest.iter().flat_map(|phase| of_phase(phase)));
        Ok(Self {
            sets: latest.len(),
            findings,
        })
    }
}

impl Finding {
    /// Returns a problem of the whole store.
    fn of_store(sentence: String) -> Self {
        Self {
            set: None,
            sentence,
        }
    }
}

/// Returns the latest phase of each set. Problems of earlier phases cannot be fixed any more.
fn latest(report: &Report) -> Vec<&PhaseReport> {
    let by_set = report.phases.iter().map(|phase| (&*phase.set, phase));
    // Phases come in their order, so the latest one of a set is the one that stays.
    let latest: BTreeMap<&str, &PhaseReport> = by_set.collect();
    latest.into_values().collect()
}

/// Each of these mistakes leaves a store without exposures, and none of them is an error.
fn without_records(goals: &[Goal]) -> String {
    let recorded = match goals {
        [] => "nothing was recorded",
        _ => "goals were recorded, and no exposure was",
    };
    format!(
        "{recorded}: check that the layer is around the routes and inside the layer that signs \
         users in, that `.observe(…)` has the recorder of this store, that a handler reads a track, \
         and that requests have a User-Agent, since one without counts as a bot's; the first page \
         of the dashboard shows what the layer has seen"
    )
}

/// Returns the problems of a phase: a mismatch, lost events and notices.
fn of_phase(phase: &PhaseReport) -> impl Iterator<Item = Finding> {
    let covered = phase.covered.iter().cloned();
    let lost = phase.health.lost.iter().map(lost);
    let notices = phase.notices.iter().map(|notice| notice.sentence.clone());
    let finding = |sentence| Finding {
        set: Some(phase.name()),
        sentence,
    };
    covered.chain(lost).chain(notices).map(finding)
}

/// Returns the sentence about lost events.
fn lost(lost: &LostEvents) -> String {
    let what = lost.track.as_deref().or(lost.goal.as_deref());
    let what = what.unwrap_or("aliases");
    let (n, sink, reason) = (count(lost.n), &lost.sink, &lost.reason);
    format!("{n} events of {what} were lost by {sink} ({reason})")
}

impl fmt::Display for Examined {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.findings.is_empty() {
            return write!(f, "no problem found in {} sets", count(self.sets as u64));
        }
        for Finding { set, sentence } in &self.findings {
            match set {
                Some(set) => writeln!(f, "{set}: {sentence}")?,
                None => writeln!(f, "{sentence}")?,
            }
        }
        Ok(())
    }
}
