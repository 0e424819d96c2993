//! The keys of units. A dump has the keys after the facts, so an export with keys reads the store
//! twice.

use std::{collections::HashMap, sync::Arc};

use crate::{
    store::{Store, StoreError},
    unit::Unit,
};

/// Kinds and keys, by unit.
pub(super) type Keys = HashMap<Unit, (Arc<str>, Arc<[u8]>)>;

/// Returns all keys that a store has.
pub(super) fn of(store: &dyn Store) -> Result<Keys, StoreError> {
    let mut keys = Keys::new();
    store.dump(&mut |batch| {
        let rows = batch.raw_units.into_iter();
        keys.extend(rows.map(|row| (row.unit, (row.kind, row.key))));
        Ok(())
    })?;
    Ok(keys)
}
