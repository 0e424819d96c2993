//! Ids that no one else chooses.

use getrandom::fill;

use crate::{
    store::error::{StoreError, StoreErrorKind},
    unit::hex::Hex,
};

/// Returns 32 hexadecimal digits.
pub(super) fn random_id() -> Result<String, StoreError> {
    let mut bytes = [0; 16];
    fill(&mut bytes).map_err(|error| {
        let message = "the system has no random bytes for an id";
        StoreError::new(StoreErrorKind::Other, message).caused_by(error)
    })?;
    Ok(Hex(bytes).to_string())
}
