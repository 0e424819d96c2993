//! Events in a queue, with keys. They become records with units on the thread of the sink.

use crate::{
    assign::{DEFAULT_UNIT, Key},
    event::{Alias, Conversion, Exposure},
    record::sinks::Record,
    unit::Units,
};

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
                alias.unit_kind().len() + keys
            }
        }
    }

    /// Returns the record of the event, with units. It is an error, with the event, if its key
    /// belongs to one request alone, or if a kind or key is invalid.
    ///
    /// It hashes, so it is called off the request path.
    pub(super) fn record(self, units: &Units) -> Result<Record, Box<Self>> {
        match self {
            Self::Exposure(exposure) => match exposure.recorded(units) {
                Some(unit) => Ok(Record::Exposure { unit, exposure }),
                None => Err(Self::Exposure(exposure).into()),
            },
            Self::Conversion(conversion) if conversion.subject().is_valid() => {
                Ok(Record::Conversion {
                    unit: conversion.subject().recorded(units),
                    id: conversion.id().unwrap_or_default(),
                    conversion,
                })
            }
            Self::Alias(alias) if alias.is_valid() => Ok(Record::Alias {
                visitor: units.unit(DEFAULT_UNIT, alias.visitor()),
                user: units.unit(alias.unit_kind(), alias.key()),
                alias,
            }),
            invalid => Err(Box::new(invalid)),
        }
    }
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
