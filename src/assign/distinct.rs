//! What sets may not have in common, and what they must.

use std::collections::{HashMap, HashSet};

use super::{DefinitionError, Set};

/// Checks that no two sets have one name, one former name, one salt or one enum.
pub(crate) fn check_distinct<'a>(
    sets: impl Iterator<Item = &'a Set>,
) -> Result<(), DefinitionError> {
    let sets: Vec<&Set> = sets.collect();
    // First, since the default salt of a renamed set is its former name: an error about equal salts would
    // not name the cause.
    check_former_names(&sets)?;
    let (mut names, mut salts, mut types) = (HashMap::new(), HashMap::new(), HashMap::new());
    for set in sets {
        let name = || set.name().to_owned();
        if names.insert(set.name(), ()).is_some() {
            return Err(DefinitionError::DuplicateSet { set: name() });
        }
        // With the phase: sets with one salt choose the same tracks for a key, but phases of one salt
        // do not.
        let salt = set.effective_salt();
        if let Some(other) = salts.insert(salt.clone(), set.name()) {
            let other = other.to_owned();
            return Err(DefinitionError::EqualSalts {
                set: name(),
                other,
                salt,
            });
        }
        // A handler reads a typed set by the type alone, so it could not read a second set of that type.
        let typed = set.typed.map(|typed| types.insert(typed, set.name()));
        if let Some(Some(other)) = typed {
            let other = other.to_owned();
            return Err(DefinitionError::DuplicateType { set: name(), other });
        }
    }
    Ok(())
}

/// Checks that no former name is the name of another set, or a former name of one: facts and changes under
/// it would belong to both.
fn check_former_names(sets: &[&Set]) -> Result<(), DefinitionError> {
    let names: HashSet<&str> = sets.iter().map(|set| set.name()).collect();
    let mut formers = HashMap::new();
    for set in sets {
        for former in set.former_names() {
            let (name, former) = (set.name().to_owned(), former.clone());
            if names.contains(&*former) {
                return Err(DefinitionError::FormerNameInUse { set: name, former });
            }
            if let Some(other) = formers.insert(former.clone(), name.clone()) {
                return Err(DefinitionError::DuplicateFormerName {
                    set: name,
                    other,
                    former,
                });
            }
        }
    }
    Ok(())
}

/// Checks that all sets of a group have one unit: a group is assigned by one key.
pub(super) fn check_one_unit<'a>(
    mut sets: impl Iterator<Item = &'a Set>,
) -> Result<(), DefinitionError> {
    let Some(first) = sets.next() else {
        return Ok(());
    };
    match sets.find(|set| set.unit != first.unit) {
        None => Ok(()),
        Some(other) => Err(DefinitionError::MixedUnits {
            set: other.name().to_owned(),
            unit: other.unit_kind().to_owned(),
            group_unit: first.unit_kind().to_owned(),
        }),
    }
}
