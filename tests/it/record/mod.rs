//! Stores of facts.

mod conformance;

use tower_tracks::record::Memory;

use self::conformance::{Fresh, conformance};

conformance!(memory, || Some(Fresh::new(Memory::default(), ())));
