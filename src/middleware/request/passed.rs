//! What is passed of a request to the next service.

use crate::{
    assign::Key,
    middleware::{key::Origin, screening::Treatment},
};

use super::{assign::Entry, request::Request};

impl Request {
    /// Returns the treatment of the request for the next service. What follows from a `HEAD` is not counted
    /// there either.
    pub(crate) fn passed_treatment(&self) -> Treatment {
        match self.treatment {
            Treatment::Counted if self.is_silent => Treatment::Ephemeral,
            treatment => treatment,
        }
    }

    /// Returns the keys by the kind of unit: those of the units, then those that were passed to this service. Random
    /// keys belong to this service alone.
    pub(crate) fn passed_keys(&self) -> impl Iterator<Item = (&str, &str)> {
        let units = self.settings.keys.units.iter().zip(self.keys.iter());
        let own = units.filter_map(|(unit, key)| {
            let key = key.as_ref().filter(|key| key.origin != Origin::Random)?;
            Some((unit.name.as_str(), text(&key.key)?))
        });
        let passed = self.accepted.iter().flat_map(|accepted| accepted.keys());
        own.chain(passed)
    }

    /// Notes that the response depends on the choices by the keys that are passed.
    pub(crate) fn look_at_keys(&self) {
        for entry in self.entries.iter() {
            let key = self.key(entry);
            if key.is_some_and(|key| key.origin != Origin::Random) {
                entry.reading.look();
            }
        }
    }

    /// Returns whether the exposure was counted, or must not be counted in another service.
    pub(crate) fn is_settled(&self, entry: &Entry) -> bool {
        self.is_silent
            || !entry.pick.reason.is_counted()
            || self.is_let_in_by_force(entry)
            // A choice that is settled for this service is never noted as read.
            || entry.reading.was_read()
    }
}

fn text<'a>(key: &'a Key<'_>) -> Option<&'a str> {
    str::from_utf8(key.as_bytes()).ok()
}
