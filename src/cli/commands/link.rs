//! The command `link`.

use std::time::{Duration, SystemTime};

use serde::Serialize;

use crate::{
    assign::Set,
    cli::{
        answer::Answer,
        definitions::{self, Replay},
        failure::Failure,
        session::Session,
    },
    middleware::{Force, Override},
    report::Utc,
};

/// The variable that has the secret: that of the application's `Override`.
const VARIABLE: &str = "TRACKS_LINK_SECRET";

const HOUR: u64 = 60 * 60;

#[derive(Debug, clap::Args)]
#[command(
    after_help = "The variable TRACKS_LINK_SECRET has the secret of the application's overrides."
)]
pub(in crate::cli) struct Args {
    /// The set
    #[arg(long, value_name = "NAME")]
    set: String,

    /// The track that the link shows
    #[arg(long, value_name = "NAME")]
    track: String,

    /// How long the link is valid, in hours: at most 2160, which is 90 days
    #[arg(long, value_name = "N", default_value_t = 24)]
    #[arg(value_parser = clap::value_parser!(u64).range(1..=2160))]
    hours: u64,

    /// The page that the link shows; without it, only the query is printed
    #[arg(
        long,
        value_name = "URL",
        default_value = "",
        hide_default_value = true
    )]
    base: String,
}

/// The answer of `link`.
#[derive(Serialize)]
struct Link<'a> {
    link: String,
    set: &'a str,
    track: &'a str,
    phase: u32,
    expires: Utc,
}

/// Runs `link`. The track must exist in the application's set or in the stored definition, so that
/// a misspelt name is an error here and not in the browser.
pub(in crate::cli) fn run(args: &Args, session: &Session<'_>) -> Result<Answer, Failure> {
    let overrides = Override::from_env(VARIABLE)?;
    let stored = stored(session)?;
    let own = session.groups.iter().flat_map(|group| group.sets());
    // Those of the application are in force; stored ones may be of earlier days.
    let sets = own.chain(stored.iter().filter_map(|replay| replay.set().ok()));
    let sets: Vec<&Set> = sets.collect();
    let expires = SystemTime::now() + Duration::from_secs(args.hours * HOUR);
    let phase = sets.iter().find(|set| set.is_named(&args.set));
    // An unknown set is refused below, where the error names the known ones.
    let phase = phase.map_or(1, |set| set.phase());
    let force = Force::new(&*args.set, &*args.track, expires).phase(phase);
    let link = overrides.link(&args.base, sets, &force)?;
    let expires = Utc(expires.into());
    let Args { set, track, .. } = args;
    let text = format!("{link}\nshows {set}/{track} until {expires}, and is not counted");
    let link = Link {
        link,
        set,
        track,
        phase,
        expires,
    };
    Answer::new(text, &link)
}

/// Returns the latest definition of each stored phase, the latest phase first. Without a store, the
/// sets of the application are enough.
fn stored(session: &Session<'_>) -> Result<Vec<Replay>, Failure> {
    if !session.has_store() && !session.groups.is_empty() {
        return Ok(Vec::new());
    }
    let phases = definitions::of_phases(&session.store()?.phases()?);
    let latest = phases.into_values().rev();
    Ok(latest.filter_map(|replays| replays.ok()?.pop()).collect())
}
