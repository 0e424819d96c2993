//! What extractors read of a request.

use std::{any::TypeId, iter};

use http::request::Parts;

use crate::{assign::TrackSet, middleware::key::VisitorCookie};

use super::{assignments::Assignments, request::Request};

impl Assignments {
    /// Returns the assignments in a handler's request, and warns of a key that came too late.
    pub(crate) fn of(parts: &Parts) -> Option<&Self> {
        let assignments: &Self = parts.extensions.get()?;
        for layer in assignments.layers() {
            layer.warn_of_late_keys(parts);
        }
        Some(assignments)
    }

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
            entry.reading.look();
            if entry.pick.set == Some(set) {
                request.read_holdouts(entry);
            }
            return Some(None);
        }
        request.read(entry);
        Some(request.choice(entry).value().cloned())
    }
}

impl Request {
    /// Warns, once, about a key that was added after the layer ran. An extractor calls it, because only
    /// a handler's request has the extensions of all inner layers.
    #[inline]
    fn warn_of_late_keys(&self, parts: &Parts) {
        let settings = &self.settings;
        if !settings.extensions {
            return;
        }
        // Without the layers around it, because this decides about nothing but a warning.
        let visitor =
            |cookie: &VisitorCookie| settings.find_visitor(cookie, iter::empty(), &parts.headers);
        for unit in settings.keys.units.iter().filter(|unit| unit.is_wanted) {
            if let Some(extension) = unit.sources.late_extension(parts, visitor) {
                settings.warnings.late_key(&unit.name, extension);
            }
        }
    }
}
