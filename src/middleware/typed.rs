use std::any::TypeId;

use crate::assign::TrackSet;

use super::{Assignment, Assignments};

impl Assignments {
    /// Reads the variant of a typed set: `Some(None)` where the set was not chosen or the
    /// request is in none of its tracks, `None` where no layer holds the set.
    ///
    /// It is an exposure exactly when it is `Some(Some(_))`.
    pub(crate) fn typed<E: TrackSet>(&self) -> Option<Option<E>> {
        let (assignment, set) = self.layers().find_map(|layer| {
            let (group, set) = *layer.0.settings.typed.get(&TypeId::of::<E>())?;
            Some((Assignment::new(layer.clone(), group), set))
        })?;
        if !assignment.is_in(set) {
            assignment.look();
            return Some(None);
        }
        Some(assignment.read().value().cloned())
    }
}
