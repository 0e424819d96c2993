//! Rows that are refused.

use crate::store::{
    Batch, DefinitionName, Store, StoreErrorKind,
    conformance::{
        dumped,
        fixtures::{batch, phase},
    },
};

use super::facts::{exposed, plan};

/// An exposure with a definition of another phase is refused.
pub fn a_definition_of_another_phase_is_refused(store: &dyn Store) {
    let mut torn = batch(&[exposed((5, None, None))]);
    let other = DefinitionName {
        phase: phase("delay", 2, "visitor"),
        fingerprint: [1; 32],
    };
    torn.exposures[0].definition = Some(torn.definition(&other));
    refused(store, &torn);
}

/// A row with an unlisted definition is refused, and so is the rest of its batch.
pub fn a_row_with_an_unlisted_definition_is_refused(store: &dyn Store) {
    let mut torn = whole();
    torn.exposures[0].definition = Some(1);
    refused(store, &torn);
}

/// A row with an unlisted segment is refused, and so is the rest of its batch.
pub fn a_row_with_an_unlisted_segment_is_refused(store: &dyn Store) {
    let mut torn = whole();
    torn.exposures[0].segment = Some(1);
    refused(store, &torn);
}

/// A row with an unlisted phase is refused, and so is the rest of its batch.
pub fn a_row_with_an_unlisted_phase_is_refused(store: &dyn Store) {
    let mut torn = whole();
    torn.plans[0].phase = 1;
    refused(store, &torn);
}

fn whole() -> Batch {
    batch(&[exposed((5, Some(1), Some("a"))), plan(5, "{}")])
}

#[track_caller]
fn refused(store: &dyn Store, batch: &Batch) {
    let error = store.write(batch).unwrap_err();
    assert_eq!(error.kind(), StoreErrorKind::Refused);
    assert!(dumped(store).is_empty());
}
