//! Empty stores and empty batches.

use crate::store::{Batch, Store, conformance::dumped};

/// An empty batch writes nothing, and an empty store returns nothing.
pub fn an_empty_batch_writes_nothing(store: &dyn Store) {
    assert_eq!(store.write(&Batch::default()).unwrap(), Default::default());
    assert!(store.phases().unwrap().is_empty() && store.losses().unwrap().is_empty());
    assert!(store.readouts("results").unwrap().is_empty() && dumped(store).is_empty());
}
