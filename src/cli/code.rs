//! A set as the code has it: of the application, or as a store knows it.

use crate::{
    assign::StoredSets,
    control::{Change, Code, alone},
    store::{Definition, Phase, WholePhase},
};

use super::{failure::Failure, groups::Group, inputs::share, session::Session};

/// What the store cannot know of the code that the programs run.
#[derive(Debug, Clone, Copy, Default, clap::Args)]
pub(super) struct Deployed {
    /// The phase that the programs have, if it is not the last one in the store
    #[arg(long)]
    phase: Option<u32>,

    /// The share in code, if a deploy has changed it since the store learned the set
    #[arg(long, value_name = "SHARE", value_parser = share)]
    over: Option<f64>,
}

/// A set that a change is about.
pub(super) enum SetInCode<'a> {
    /// A set of the application.
    Own(&'a dyn Group, &'a str),
    /// The last definition of the last phase that the store has, and this phase under all names.
    Stored(StoredSets, Box<WholePhase>),
}

impl<'a> SetInCode<'a> {
    /// Finds a set by its name or a former one, first among those of the application.
    pub(super) fn find(
        name: &'a str,
        deployed: Deployed,
        session: &Session<'a>,
    ) -> Result<Self, Failure> {
        let has_set = |group: &&dyn Group| group.sets().iter().any(|set| set.is_named(name));
        let mut groups = session.groups.iter().map(|group| &**group);
        if let Some(group) = groups.find(has_set) {
            return match (deployed.phase, deployed.over) {
                (None, None) => Ok(Self::Own(group, name)),
                _ => Err(Failure::usage(
                    "--phase and --over are for a set of the store; this program has the set itself",
                )),
            };
        }
        let phases = WholePhase::all(session.store()?.phases()?);
        let is_asked = |whole: &&WholePhase| {
            let phase = whole.phase.name.phase;
            whole.is_of_set(name) && deployed.phase.is_none_or(|asked| asked == phase)
        };
        // A former name may be that of another set by now.
        let is_present = |whole: &WholePhase| *whole.phase.name.set == *name;
        let phases = phases.iter().filter(is_asked);
        let whole = phases.max_by_key(|whole| (is_present(whole), whole.phase.name.phase));
        let last = whole.and_then(|whole| Some((whole, last_definition(&whole.phase)?)));
        let (whole, last) = last.ok_or_else(|| Failure::new(deployed.missing(name)))?;
        let sets = alone(&last.json, deployed.over)?;
        Ok(Self::Stored(sets, Box::new(whole.clone())))
    }

    /// Returns the changes as those of the set: its definition may lack a former name.
    pub(super) fn changes(&self, changes: Vec<Change>) -> Vec<Change> {
        match self {
            Self::Own(..) => changes,
            Self::Stored(sets, whole) => {
                let set = sets.sets().next();
                set.map_or(changes.clone(), |set| whole.changes(&changes, set.name()))
            }
        }
    }

    /// Returns the set as changes need it. The store does not know groups, so a stored set passes for one
    /// that is alone in its group; the programs of the service know better, and refuse to ship it.
    pub(super) fn code(&self) -> Result<Code<'_>, Failure> {
        let (found, is_alone) = match self {
            Self::Own(group, name) => {
                let sets = group.sets();
                let is_alone = sets.len() == 1;
                (sets.into_iter().find(|set| set.is_named(name)), is_alone)
            }
            Self::Stored(sets, _) => (sets.sets().next(), true),
        };
        let found = found.map(|set| Code::new(set, is_alone));
        found.ok_or_else(|| Failure::new("the definition has no set"))
    }
}

impl Deployed {
    fn missing(&self, set: &str) -> String {
        match self.phase {
            Some(phase) => format!("the store has no set {set:?} with phase {phase}"),
            None => format!("the store has no set {set:?}"),
        }
    }
}

fn last_definition(phase: &Phase) -> Option<&Definition> {
    phase
        .definitions
        .iter()
        .max_by_key(|definition| definition.first_at)
}
