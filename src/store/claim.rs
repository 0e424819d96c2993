//! The message of a claim that fails, the same for every store. It names the remedy, because most
//! readers of it have just changed `TRACKS_SECRET`.

use super::error::{StoreError, StoreErrorKind};

/// The error of a store that has other units than those that are asked for.
pub(super) fn other_units() -> StoreError {
    let message = "the store has the units of another secret, or raw ones beside pseudonyms: \
                   start with the secret that the store began with (such as the former value of \
                   TRACKS_SECRET), or begin another store";
    StoreError::new(StoreErrorKind::OtherUnits, message)
}
