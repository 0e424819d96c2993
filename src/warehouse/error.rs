//! What is wrong with a question or a dialect.

use std::fmt;

/// An error: a question that cannot be written as SQL, or an unknown name of a dialect.
#[derive(Clone, PartialEq, Eq)]
pub struct WarehouseError(String);

impl WarehouseError {
    pub(super) fn new(message: String) -> Self {
        Self(message)
    }
}

impl fmt::Display for WarehouseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for WarehouseError {}

debug_as_message!(WarehouseError);
