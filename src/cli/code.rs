//! A set as the code has it: of the application, or as a store knows it.

use crate::{
    assign::StoredSets,
    control::{Code, alone},
    store::{Definition, Phase, WholePhase},
};

use super::{failure::Failure, groups::Group, session::Session};

/// A set that a change is about.
pub(super) enum SetInCode<'a> {
    /// A set of the application.
    Own(&'a dyn Group, &'a str),
    /// The last definition of the last phase that the store has.
    Stored(StoredSets),
}

impl<'a> SetInCode<'a> {
    /// Finds a set by its name or a former one, first among those of the application.
    pub(super) fn find(name: &'a str, session: &Session<'a>) -> Result<Self, Failure> {
        let has_set = |group: &&dyn Group| group.sets().iter().any(|set| set.is_named(name));
        let mut groups = session.groups.iter().map(|group| &**group);
        if let Some(group) = groups.find(has_set) {
            return Ok(Self::Own(group, name));
        }
        let phases = WholePhase::all(session.store()?.phases()?);
        let phases = phases.iter().filter(|whole| whole.is_of_set(name));
        let last = phases
            .map(|whole| &whole.phase)
            .max_by_key(|phase| phase.name.phase)
            .and_then(last_definition);
        let last = last.ok_or_else(|| Failure::new(format!("the store has no set {name:?}")))?;
        Ok(Self::Stored(alone(&last.json)?))
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
            Self::Stored(sets) => (sets.sets().next(), true),
        };
        let found = found.map(|set| Code::new(set, is_alone));
        found.ok_or_else(|| Failure::new("the definition has no set"))
    }
}

fn last_definition(phase: &Phase) -> Option<&Definition> {
    phase
        .definitions
        .iter()
        .max_by_key(|definition| definition.first_at)
}
