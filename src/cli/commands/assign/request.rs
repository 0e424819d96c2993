use std::{fmt, path::PathBuf};

use serde::Serialize;

use crate::{
    assign::Choice,
    cli::{
        answer::Answer,
        definitions::{self, Replay},
        failure::Failure,
        groups::Group,
        inputs,
        session::Session,
    },
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
type Sets<'a> = Vec<(Option<&'a dyn Group>, Vec<Replay>)>;

/// Runs `assign`, with the sets of the application if it has any, otherwise with stored
/// definitions.
pub(in crate::cli) fn run(args: &Args, session: &Session<'_>) -> Result<Answer, Failure> {
    let is_own = !session.groups.is_empty();
    let sets = match is_own {
        true => of_groups(session),
        false => of_store(session),
    }?;
    let known = |replay: &Replay| args.is_asked(replay);
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
fn of_groups<'a>(session: &Session<'a>) -> Result<Sets<'a>, Failure> {
    let mut groups = Sets::new();
    for group in session.groups {
        let sets = group.sets().into_iter().map(Replay::of_set);
        let sets = sets.collect::<Result<_, _>>().map_err(Failure::new)?;
        groups.push((Some(&**group), sets));
    }
    Ok(groups)
}

/// Returns the latest definition of the latest phase of each stored set.
fn of_store<'a>(session: &Session<'_>) -> Result<Sets<'a>, Failure> {
    if !session.has_store() {
        let message = "no sets: say --store PATH, or run a program of your own with its sets";
        return Err(Failure::usage(message));
    }
    let store = session.store()?;
    let mut latest = std::collections::BTreeMap::new();
    for ((set, phase), replays) in definitions::of_phases(&store.phases()?) {
        let replays =
            replays.map_err(|why| Failure::new(format!("set {set:?}, phase {phase}: {why}")))?;
        // Phases come in their order, so the latest one of a set replaces the others.
        latest.insert(set, replays);
    }
    let sets = latest.into_values().filter_map(|mut replays| replays.pop());
    Ok(vec![(None, sets.collect())])
}

impl Args {
    /// Returns whether the set is requested, by `--set` or because it is not given.
    fn is_asked(&self, replay: &Replay) -> bool {
        let name = replay.set().map(crate::assign::Set::name);
        self.set.as_deref().is_none_or(|asked| name == Ok(asked))
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
        sets: &[Replay],
    ) -> Result<OfGroup, String> {
        let explained = sets.iter().map(|replay| Explained::of(replay, key));
        let mut explained: Vec<Explained> = explained.collect::<Result<_, _>>()?;
        let choice = group.and_then(|group| group.assign(key));
        let ineligible = match &choice {
            Some(choice) if !choice.reason().is_forced() => passed_over(&explained, choice.set()),
            _ => Vec::new(),
        };
        explained.retain(|one| self.set.as_deref().is_none_or(|asked| one.set == asked));
        Ok(OfGroup {
            group: group.map(|group| group.name().to_owned()),
            choice: choice.map(shown),
            ineligible,
            sets: explained,
        })
    }
}

/// Returns the choice as text, with its reason if it was forced.
fn shown(choice: Choice<'_>) -> String {
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
