//! The claim of a store for one scheme of units.

use crate::store::{Memory, Store, StoreErrorKind};

/// The first claim wins: the same may be repeated, another is refused for good.
pub fn the_first_claim_wins(store: &dyn Store) {
    store.claim("pseudonyms 1234").unwrap();
    store.claim("pseudonyms 1234").unwrap();
    let error = store.claim("raw").unwrap_err();
    assert_eq!(error.kind(), StoreErrorKind::OtherUnits);
    assert!(!error.is_transient());
}

/// A merge claims the store for the units of the other store, or is refused.
///
/// A store that does not support [`Store::units`] passes.
pub fn a_merge_claims_the_units_of_the_other_store(store: &dyn Store) {
    let other = Memory::default();
    other.claim("pseudonyms 1234").unwrap();
    store.merge(&other).unwrap();
    let error = store.claim("raw").unwrap_err();
    assert_eq!(error.kind(), StoreErrorKind::OtherUnits);
    let units = store.units().unwrap();
    // A store need not support the reading of its claim.
    assert!(units.is_none_or(|units| units == "pseudonyms 1234"));
    let third = Memory::default();
    third.claim("raw").unwrap();
    let error = store.merge(&third).unwrap_err();
    assert_eq!(error.kind(), StoreErrorKind::OtherUnits);
}
