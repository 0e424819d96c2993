//! Events in a queue, with keys. They become records with units on the thread of the sink.

use crate::{
    assign::Key,
    event::{Alias, Conversion, Exposure},
    unit::{Subject, Unit, Units},
};

use crate::record::sinks::Record;

/// An event in a queue. It has the key, since hashing would take time on the request path.
#[derive(Clone)]
pub(super) enum Event {
    Exposure(Exposure),
    Conversion(Conversion),
    Alias(Alias),
}

impl Event {
    /// Returns how many bytes its keys, and the kinds that came with them, take outside the queue.
    /// The kind of an exposure belongs to its set and takes none.
    pub(super) fn bytes(&self) -> usize {
        match self {
            Self::Exposure(exposure) => exposure.key().map_or(0, Key::heap_bytes),
            Self::Conversion(conversion) => {
                let subject = conversion.subject();
                subject.kind().len() + subject.key().map_or(0, Key::heap_bytes)
            }
            Self::Alias(alias) => {
                let keys = alias.visitor().heap_bytes() + alias.key().heap_bytes();
                alias.unit().len() + keys
            }
        }
    }

    /// Returns the record of the event, with units. It is an error, with the event, if its key
    /// belongs to one request alone, or if a kind or key is invalid.
    ///
    /// It hashes, so it is called off the request path.
    pub(super) fn record(self, units: &Units) -> Result<Record, Box<Self>> {
        if !self.is_valid() {
            return Err(Box::new(self));
        }
        Ok(match self {
            Self::Exposure(exposure) => match exposure.key() {
                Some(key) => Record::Exposure {
                    unit: units.unit(exposure.unit(), key),
                    exposure,
                },
                None => return Err(Box::new(Self::Exposure(exposure))),
            },
            Self::Conversion(conversion) => match unit_of(conversion.subject(), units) {
                Some(unit) => Record::Conversion {
                    unit,
                    id: conversion.id().unwrap_or_default(),
                    conversion,
                },
                None => return Err(Box::new(Self::Conversion(conversion))),
            },
            Self::Alias(alias) => Record::Alias {
                visitor: units.unit(crate::assign::DEFAULT_UNIT, alias.visitor()),
                user: units.unit(alias.unit(), alias.key()),
                alias,
            },
        })
    }

    /// Returns whether its kinds and keys are valid. The kind of an exposure was checked with its
    /// set.
    fn is_valid(&self) -> bool {
        match self {
            Self::Exposure(exposure) => exposure.key().is_none_or(Key::is_valid),
            Self::Conversion(conversion) => conversion.subject().is_valid(),
            Self::Alias(alias) => alias.is_valid(),
        }
    }
}

/// Returns the unit of a subject, which a receipt has already.
fn unit_of(subject: &Subject, units: &Units) -> Option<Unit> {
    let of_key = || Some(units.unit(subject.kind(), subject.key()?));
    subject.unit().or_else(of_key)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What the documentation of `RecorderBuilder::queue` says.
    #[test]
    fn a_full_queue_takes_so_much_memory() {
        // A slot has a stamp beside the event.
        let slot = size_of::<Event>() + size_of::<usize>();
        let megabytes = (32_768 * slot) as f64 / 1e6;
        assert!((6.0..=7.0).contains(&megabytes), "{megabytes}");
    }
}
