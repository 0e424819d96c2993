//! What is wrong with a question, or with the answer of an engine.

use std::fmt;

/// The error of a question that cannot be written as SQL, or of a name of a dialect.
#[derive(Debug, Clone, PartialEq, Eq)]
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
