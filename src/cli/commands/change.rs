//! The commands that change a running test: `pause`, `share`, and so on.

use std::{borrow::Cow, fmt, path::PathBuf, time::Duration};

use clap::Subcommand;
use serde::Serialize;

use crate::{
    cli::{
        answer::Answer,
        code::{Deployed, SetInCode},
        exit::Exit,
        failure::Failure,
        inputs::share,
        session::Session,
    },
    control::{Act, Appended, Change, ChangeLog, Draft, Proposal, Rules, Step, Void, percent},
    report::{TimeError, Utc},
};

#[derive(Debug, Subcommand)]
pub(in crate::cli) enum Args {
    /// Gives control to every request of a set, and counts none
    Pause(Common),
    /// Ends a pause
    Resume(Common),
    /// Enrols another share of the units
    Share {
        #[command(flatten)]
        common: Common,
        /// The share, such as 25% or 0.25
        #[arg(value_parser = share)]
        share: f64,
    },
    /// Raises the share at several times
    Ramp {
        #[command(flatten)]
        common: Common,
        /// The steps, such as 2026-03-01T08:00:00Z=10%
        #[arg(required = true, value_name = "TIME=SHARE", value_parser = step)]
        steps: Vec<Step>,
    },
    /// Ends the enrolment: units that are exposed later are served as before, but not analysed
    Close(Common),
    /// Gives one track to every eligible request, and ends the test
    Ship {
        #[command(flatten)]
        common: Common,
        /// The name of the track
        track: String,
    },
    /// Leaves out of the analysis the units first exposed in a span, as after an outage
    Exclude {
        #[command(flatten)]
        common: Common,
        /// The beginning, such as 2026-03-01T08:00:00Z
        from: Utc,
        /// The end, which does not belong to the span
        until: Utc,
    },
    /// Returns to the code: no earlier change of the set counts any longer
    Reset(Common),
    /// Approves a change of another person
    Approve {
        #[command(flatten)]
        common: Common,
        /// The number of the change
        change: u64,
    },
}

/// What every change needs.
#[derive(Debug, clap::Args)]
pub(in crate::cli) struct Common {
    /// The name of the set
    set: String,

    /// Why the change is made; everybody who operates the test reads it
    #[arg(long)]
    reason: String,

    /// Who makes the change
    #[arg(long, env = "USER")]
    author: String,

    /// A log of changes in a file of JSON lines, instead of the store
    #[arg(long, value_name = "FILE")]
    changes: Option<PathBuf>,

    /// How often the programs read the log
    #[arg(long, value_name = "SECONDS", default_value_t = 2)]
    every: u32,

    #[command(flatten)]
    deployed: Deployed,
}

/// The answer: the change as the log has it.
#[derive(Serialize)]
#[serde(transparent)]
struct Made(Change);

/// Makes a change, unless it would have no effect or another one was faster.
pub(in crate::cli) fn run(args: &Args, session: &Session<'_>) -> Result<Answer, Failure> {
    let common = args.common();
    let set = SetInCode::find(&common.set, common.deployed, session)?;
    let log = session.log(common.changes.as_deref())?;
    match make(args, &set, &*log)? {
        Appended::Added(change) => Answer::of(&Made(change)),
        Appended::Conflict(change) => Err(Failure {
            exit: Exit::Conflict,
            ..Failure::new(format!("another change was faster: {change}"))
        }),
    }
}

fn make(args: &Args, set: &SetInCode<'_>, log: &dyn ChangeLog) -> Result<Appended, Failure> {
    let (common, code) = (args.common(), set.code()?);
    let read = log.after(0)?;
    let (author, reason) = (&*common.author, &*common.reason);
    let act = args.act(code.set().share());
    let rules = Rules {
        every: Duration::from_secs(common.every.into()),
        ..Rules::default()
    };
    let proposal = Proposal {
        act,
        author,
        reason,
        rules,
    };
    let proposed = proposal
        .draft(code, &set.changes(read.changes.clone()), read.now)
        .map_err(refused)?;
    let mut draft = proposed.draft;
    // The name that was given may be a former one, which nodes of before and after a rename both know.
    draft.set = common.set.clone();
    let previous = last_of(&draft, &read.changes);
    Ok(log.append(&draft, previous)?)
}

/// Returns the number of the last change of the set and phase of a draft, under the name that it has; 0 if
/// there is none.
fn last_of(draft: &Draft, changes: &[Change]) -> u64 {
    let is_its = |change: &&Change| (&change.set, change.phase) == (&draft.set, draft.phase);
    let numbers = changes.iter().filter(is_its).map(|change| change.number);
    numbers.max().unwrap_or_default()
}

fn refused(void: Void) -> Failure {
    Failure {
        exit: Exit::Refused,
        ..Failure::new(void.to_string())
    }
}

impl Args {
    fn common(&self) -> &Common {
        match self {
            Self::Pause(common)
            | Self::Resume(common)
            | Self::Close(common)
            | Self::Reset(common) => common,
            Self::Share { common, .. }
            | Self::Ramp { common, .. }
            | Self::Ship { common, .. }
            | Self::Exclude { common, .. }
            | Self::Approve { common, .. } => common,
        }
    }

    /// Returns what the change does, over the share in code.
    fn act(&self, over: f64) -> Act {
        match self {
            Self::Pause(_) => Act::Pause,
            Self::Resume(_) => Act::Resume,
            &Self::Share { share, .. } => Act::Share { share, over },
            Self::Ramp { steps, .. } => Act::Ramp {
                steps: steps.clone(),
                over,
            },
            Self::Close(_) => Act::Close,
            Self::Ship { track, .. } => Act::Ship {
                track: Cow::Owned(track.clone()),
            },
            Self::Exclude { from, until, .. } => Act::Exclude {
                from: from.0,
                until: until.0,
            },
            Self::Reset(_) => Act::Reset,
            &Self::Approve { change, .. } => Act::Approve { change },
        }
    }
}

impl fmt::Display for Made {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(change) = self;
        writeln!(f, "{change}")?;
        if let Act::Share { over, .. } | Act::Ramp { over, .. } = change.act {
            let over = percent(over);
            writeln!(
                f,
                "void in programs whose code has another share than {over}%"
            )?;
        }
        let delay = change
            .effective_at
            .as_micros()
            .saturating_sub(change.at.as_micros());
        match (change.needs_approval, delay / 1_000_000) {
            (true, _) => f.write_str("it waits until another person approves it"),
            (false, 0) => f.write_str("in force on each node when it has read the change"),
            (false, seconds) => write!(f, "in force on all nodes in {seconds} seconds"),
        }
    }
}

/// Parses a step of a ramp.
fn step(text: &str) -> Result<Step, String> {
    let (at, part) = text
        .split_once('=')
        .ok_or("write TIME=SHARE, such as 2026-03-01T08:00:00Z=10%")?;
    let at: Utc = at.parse().map_err(|error: TimeError| error.to_string())?;
    Ok(Step {
        at: at.0,
        share: share(part)?,
    })
}
