use std::collections::HashMap;

use crate::assign::{DefinitionError, Key, pins::Pins};

use super::{Draft, Eligible};

/// A key or a context, and the name of its track.
pub(in crate::assign) struct Pin {
    pub(in crate::assign) track: String,
    pub(in crate::assign) who: Pinned,
}

pub(in crate::assign) enum Pinned {
    Key(Key<'static>),
    When(Eligible),
}

impl Draft {
    /// Errors do not show keys, which may name persons.
    pub(super) fn check_pins(&self) -> Result<(), DefinitionError> {
        let set = || self.name.clone();
        let mut tracks = HashMap::new();
        for (number, pin) in (1..).zip(&self.pins) {
            if self.index_of(&pin.track).is_none() {
                return Err(self.unknown_track(&pin.track));
            }
            let Pinned::Key(key) = &pin.who else {
                continue;
            };
            if !key.is_valid() {
                return Err(DefinitionError::PinnedKey { set: set(), number });
            }
            let first = tracks.insert(key, &pin.track).unwrap_or(&pin.track);
            if *first != pin.track {
                return Err(DefinitionError::PinnedTwice {
                    set: set(),
                    first: first.clone(),
                    second: pin.track.clone(),
                });
            }
        }
        Ok(())
    }

    /// Returns the pins of the checked definition, whose tracks are in order by now.
    pub(super) fn take_pins(&mut self) -> Pins {
        let mut pins = Pins::default();
        for Pin { track, who } in std::mem::take(&mut self.pins) {
            match (self.index_of(&track), who) {
                (Some(track), Pinned::Key(key)) => pins.pin_key(&key, track),
                (Some(track), Pinned::When(is_pinned)) => pins.pin_when(is_pinned, track),
                (None, _) => {}
            }
        }
        pins
    }

    fn index_of(&self, track: &str) -> Option<usize> {
        self.tracks.iter().position(|known| *known.name == *track)
    }
}
