use std::any::TypeId;

use crate::assign::TrackSet;

use super::assignments::Assignments;

impl Assignments {
    /// Reads the variant of a typed set: `Some(None)` where the set was not chosen or the
    /// request is in none of its tracks, `None` where no layer holds the set.
    ///
    /// It is an exposure exactly when it is `Some(Some(_))`.
    pub(crate) fn typed<E: TrackSet>(&self) -> Option<Option<E>> {
        let (request, group, set) = self.layers().find_map(|layer| {
            let (group, set) = layer.settings.typed(TypeId::of::<E>())?;
            Some((layer, group, set))
        })?;
        let entry = request.entries.get(group)?;
        if entry.pick.set != Some(set) || entry.pick.track.is_none() {
            request.look(entry);
            return Some(None);
        }
        request.read(entry);
        Some(request.choice(entry).value().cloned())
    }
}
