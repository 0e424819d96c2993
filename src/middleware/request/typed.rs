//! The reading of a typed set, for the extractor `Assigned`.

use std::any::TypeId;

use crate::assign::TrackSet;

use super::assignments::Assignments;

impl Assignments {
    /// Reads the track of a typed set as its value. It is `Some(None)` if the set was not chosen or the
    /// request is in none of its tracks, and `None` if no layer has the set.
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
