//! What the stores of this crate do: the public suite, and tests that need other features.

mod growth;
mod listed;
mod optional;

pub(in crate::record) use self::{
    growth::{growth_of_bytes, growth_of_units},
    optional::optional_methods,
};

/// The tests of one kind of store, by an expression of `Option<(store, what lives as long)>`.
macro_rules! conformance {
    ($kind:ident, $open:expr) => {
        mod $kind {
            #[allow(unused_imports)]
            use super::*;

            tower_tracks::store::conformance::store_conformance!($open);

            #[test]
            fn exported_facts_can_be_imported() {
                use tower_tracks::store::conformance::random;

                random::exported_facts_can_be_imported(|| $open);
            }

            #[test]
            fn optional_methods_are_supported() {
                conformance::optional_methods($open);
            }

            #[test]
            fn new_units_stop_at_a_ceiling() {
                conformance::growth_of_units($open);
            }

            #[test]
            fn bytes_stop_at_a_ceiling() {
                conformance::growth_of_bytes($open);
            }
        }
    };
}
pub(in crate::record) use conformance;
