//! What every store does: cases whose answers were computed by hand, and random histories after
//! which it has to say the same as `Memory`.

mod attribution;
mod definitions;
mod dumped;
mod erasure;
mod exported;
mod facts;
mod growth;
mod history;
mod observed;
mod overlap;
mod pools;
mod question;
mod writing;

use std::{any::Any, ops::Deref};

use tower_tracks::store::Store;

pub(in crate::record) use self::dumped::dumped;
pub(in crate::record) use self::exported::exported;
pub(in crate::record) use self::{
    attribution::attribution,
    definitions::definitions,
    erasure::erasure,
    growth::growth,
    history::{histories, order},
    overlap::overlap,
    writing::writing,
};

/// An empty store, and what has to live as long.
pub(in crate::record) struct Fresh {
    store: Box<dyn Store>,
    _kept: Box<dyn Any>,
}

impl Fresh {
    pub(in crate::record) fn new(store: impl Store, kept: impl Any) -> Self {
        Self {
            store: Box::new(store),
            _kept: Box::new(kept),
        }
    }
}

impl Deref for Fresh {
    type Target = dyn Store;

    fn deref(&self) -> &dyn Store {
        &*self.store
    }
}

/// What makes empty stores; `None` where there can be none, and nothing is tested then.
pub(in crate::record) type Open<'a> = &'a dyn Fn() -> Option<Fresh>;

/// The tests of one kind of store, by what opens an empty one.
macro_rules! conformance {
    ($kind:ident, $open:expr) => {
        mod $kind {
            #[allow(unused_imports)]
            use super::*;

            #[test]
            fn attributes_as_computed_by_hand() {
                conformance::attribution(&$open);
            }

            #[test]
            fn counts_what_overlaps() {
                conformance::overlap(&$open);
            }

            #[test]
            fn writes_and_counts() {
                conformance::writing(&$open);
            }

            #[test]
            fn keeps_definitions_and_plans() {
                conformance::definitions(&$open);
            }

            #[test]
            fn erases_and_forgets() {
                conformance::erasure(&$open);
            }

            #[test]
            fn has_the_histories_of_memory() {
                conformance::histories(&$open);
            }

            #[test]
            fn exports_what_can_be_imported() {
                conformance::exported(&$open);
            }

            #[test]
            fn grows_up_to_a_ceiling() {
                conformance::growth(&$open);
            }

            #[test]
            fn order_does_not_matter() {
                conformance::order(&$open);
            }
        }
    };
}
pub(in crate::record) use conformance;
