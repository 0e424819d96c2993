use std::{collections::BTreeMap, fmt, path::PathBuf, sync::Arc};

use serde::Serialize;

use crate::{
    assign::Choice,
    cli::{
        answer::Answer, definitions::Replay, failure::Failure, groups::Group, in_force::InForce,
        inputs, session::Session,
    },
    control::Change,
    report::Utc,
    store::{PhaseName, Timestamp, WholePhase},
    text::control,
};

use super::explained::Explained;

#[derive(Debug, clap::Args)]
pub(in crate::cli) struct Args {
    /// The keys
    #[arg(value_name = "KEY", required_unless_present = "keys")]
    given: Vec<String>,

    /// A file with a key on each line, or - for the standard input
    #[arg(long, value_name = "FILE")]
    keys: Option<PathBuf>,

    /// Only this set
    #[arg(long, value_name = "NAME")]
    set: Option<String>,

    /// Explains the assignments at this time, such as 2026-03-01T08:00:00Z; defaults to now
    #[arg(long, value_name = "TIME")]
    at: Option<Utc>,

    /// A log of changes in a file of JSON lines, instead of the store
    #[arg(long, value_name = "FILE")]
    changes: Option<PathBuf>,
}

/// The note for stored definitions, which do not have groups and eligibility.
const BY_DEFINITIONS: &str = "stored definitions say nothing of groups and eligibility: of each \
    set, this is its track if it is the one that is chosen";

/// The answer of `assign`.
#[derive(Serialize)]
struct Said {
    keys: Vec<OfKey>,
    note: Option<&'static str>,
}

/// The choices for one key.
#[derive(Serialize)]
struct OfKey {
    key: String,
    groups: Vec<OfGroup>,
}

/// The choice of a group for a key, or the tracks of sets whose group is not known.
#[derive(Serialize)]
struct OfGroup {
    group: Option<String>,
    /// The set and the track, or the reason why there is none; `None` if the eligibility of the key is
    /// not known.
    choice: Option<String>,
    /// Sets with a higher score that the key is not eligible for.
    ineligible: Vec<String>,
    sets: Vec<Explained>,
}

/// The sets, by their group if it is known.
type Sets<'a> = Vec<(Option<&'a dyn Group>, Vec<Explicable>)>;

/// A set with the change that is in force.
struct Explicable {
    replay: Replay,
    in_force: Option<InForce>,
}

/// The changes, and the moment that is explained.
struct Moment {
    changes: Vec<Change>,
    at: Timestamp,
}

/// Runs `assign`, with the sets of the application if it has any, otherwise with stored
/// definitions.
pub(in crate::cli) fn run(args: &Args, session: &Session<'_>) -> Result<Answer, Failure> {
    let is_own = !session.groups.is_empty();
    let moment = args.moment(session)?;
    let sets = match is_own {
        true => of_groups(session, &moment),
        false => of_store(session, &moment),
    }?;
    let known = |set: &Explicable| args.is_asked(&set.replay);
    if !sets.iter().flat_map(|(_, sets)| sets).any(known) {
        return Err(Failure::new("no definition of this set is stored"));
    }
    // Checked before the file is read, which may be a terminal that waits for its lines.
    for key in &args.given {
        inputs::key(key)?;
    }
    let mut keys = args.given.clone();
    if let Some(file) = &args.keys {
        inputs::each_key(file, |key| keys.push(key.to_owned()))?;
    }
    let keys = keys.into_iter().map(|key| args.explain(key, &sets));
    Answer::of(&Said {
        keys: keys.collect::<Result<_, _>>().map_err(Failure::new)?,
        note: (!is_own).then_some(BY_DEFINITIONS),
    })
}

/// Returns the sets of the application by group.
fn of_groups<'a>(session: &Session<'a>, moment: &Moment) -> Result<Sets<'a>, Failure> {
    let mut groups = Sets::new();
    for group in session.groups {
        let sets = group.sets();
        let is_alone = sets.len() == 1;
        let sets = sets.into_iter().map(|set| {
            let replay = Replay::of_set(set, is_alone)?;
            Explicable::of(replay, &moment.changes, moment.at)
        });
        let sets = sets.collect::<Result<_, _>>().map_err(Failure::new)?;
        groups.push((Some(&**group), sets));
    }
    Ok(groups)
}

/// Returns the latest definition of the latest phase of each stored set, of a renamed one under its present
/// name.
fn of_store<'a>(session: &Session<'_>, moment: &Moment) -> Result<Sets<'a>, Failure> {
    if !session.has_store() {
        let message = "no sets: say --store PATH, or run a program of your own with its sets";
        return Err(Failure::usage(message));
    }
    let mut latest = BTreeMap::new();
    for whole in WholePhase::all(session.store()?.phases()?) {
        // Phases come in their order, so the latest one of a set replaces the others.
        latest.insert(Arc::clone(&whole.phase.name.set), whole);
    }
    let sets = latest.values().map(|whole| {
        let PhaseName { set, phase, .. } = &whole.phase.name;
        let explained = Replay::latest(&whole.phase).and_then(|replay| {
            let changes = whole.changes(&moment.changes, replay.set()?.name());
            Explicable::of(replay, &changes, moment.at)
        });
        explained.map_err(|why| Failure::new(format!("set {set:?}, phase {phase}: {why}")))
    });
    Ok(vec![(None, sets.collect::<Result<_, _>>()?)])
}

impl Explicable {
    fn of(replay: Replay, changes: &[Change], at: Timestamp) -> Result<Self, String> {
        let in_force = replay.in_code(replay.share)?.in_force(changes, at);
        Ok(Self { replay, in_force })
    }
}

impl Args {
    /// Reads the changes. A program without a store may have none.
    fn moment(&self, session: &Session<'_>) -> Result<Moment, Failure> {
        let log = session.log_if_any(self.changes.as_deref())?;
        let read = log.map(|log| log.after(0)).transpose()?;
        let now = read.as_ref().map_or_else(Timestamp::now, |read| read.now);
        Ok(Moment {
            changes: read.map(|read| read.changes).unwrap_or_default(),
            at: self.at.map_or(now, |Utc(at)| at),
        })
    }

    /// Returns whether the set is requested, by `--set` or because it is not given.
    fn is_asked(&self, replay: &Replay) -> bool {
        let set = replay.set();
        let is_it = |asked: &str| set.as_ref().is_ok_and(|set| set.is_named(asked));
        self.set.as_deref().is_none_or(is_it)
    }

    /// Returns the choices for a key.
    fn explain(&self, key: String, sets: &Sets<'_>) -> Result<OfKey, String> {
        let groups = sets
            .iter()
            .map(|(group, sets)| self.of_group(&key, *group, sets))
            .collect::<Result<_, _>>()?;
        Ok(OfKey { key, groups })
    }

    /// Returns the choice of a group for a key. All sets are computed before `--set` selects one,
    /// since the scores of the others explain the choice.
    fn of_group(
        &self,
        key: &str,
        group: Option<&dyn Group>,
        sets: &[Explicable],
    ) -> Result<OfGroup, String> {
        let explain = |set: &Explicable| Explained::of(&set.replay, key, set.in_force.as_ref());
        let explained = sets.iter().map(explain);
        let explained: Vec<Explained> = explained.collect::<Result<_, _>>()?;
        let choice = group.and_then(|group| group.assign(key));
        let ineligible = match &choice {
            Some(choice) if !choice.reason().is_forced() => passed_over(&explained, choice.set()),
            _ => Vec::new(),
        };
        let choice = choice.map(|choice| shown(&choice, &explained));
        let asked = explained.into_iter().zip(sets);
        let asked = asked.filter(|(_, set)| self.is_asked(&set.replay));
        Ok(OfGroup {
            group: group.map(|group| group.name().to_owned()),
            choice,
            ineligible,
            sets: asked.map(|(explained, _)| explained).collect(),
        })
    }
}

/// Returns the choice as text under the changes in force, with its reason if it was forced.
fn shown(choice: &Choice<'_>, explained: &[Explained]) -> String {
    let is_drawn = !choice.reason().is_forced();
    let chosen = explained.iter().find(|one| Some(&*one.set) == choice.set());
    if let Some(changed) = chosen.and_then(|chosen| chosen.changed(is_drawn)) {
        return changed;
    }
    match choice.reason() {
        reason if reason.is_forced() => format!("{choice} ({reason})"),
        _ => choice.to_string(),
    }
}

/// Returns the sets with a higher score than the chosen one. The key was not eligible for them.
fn passed_over(explained: &[Explained], chosen: Option<&str>) -> Vec<String> {
    let of_chosen = explained.iter().find(|one| Some(&*one.set) == chosen);
    // A score is above 0, so without a chosen set, each set that has one was passed over.
    let to_beat = of_chosen.and_then(Explained::score).unwrap_or_default();
    let beats = |one: &&Explained| one.score().is_some_and(|score| score > to_beat);
    let sets = explained.iter().filter(beats);
    sets.map(|one| one.set.clone()).collect()
}

impl fmt::Display for Said {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for of_key in &self.keys {
            writeln!(f, "{}", control::one_line(&of_key.key))?;
            of_key.groups.iter().try_for_each(|group| group.fmt(f))?;
        }
        f.write_str(self.note.unwrap_or_default())
    }
}

impl fmt::Display for OfGroup {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(group) = &self.group {
            let choice = self.choice.as_deref();
            let choice = choice.unwrap_or("(it is not known what the key is eligible for)");
            writeln!(f, "  group {group}: {choice}")?;
        }
        for set in &self.ineligible {
            writeln!(f, "  not eligible for {set}, which has a higher score")?;
        }
        self.sets.iter().try_for_each(|set| set.fmt(f))
    }
}
