//! What goes wrong on the way, before it is a [`StoreError`].

use crate::store::error::StoreError;

/// An error of a database, or one that already has its kind and message.
#[derive(Debug)]
pub(in crate::store) enum Failure<E> {
    Database(E),
    Store(StoreError),
}

impl<E> From<StoreError> for Failure<E> {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}
