//! The paths of the database and of the file beside it. The example `traffic` uses this file, too.

use std::{env, path::PathBuf};

/// The environment variable with the path of the database.
pub(super) const VARIABLE: &str = "SHOP_DATABASE";

/// The path without that variable.
const DATABASE: &str = "coconuts.sqlite";

/// Returns the path of the database.
pub(super) fn path() -> String {
    env::var(VARIABLE).unwrap_or_else(|_| DATABASE.to_owned())
}

/// Returns the path of the file with the address of the open shop.
pub(super) fn address_path() -> PathBuf {
    // Appended, as SQLite names its own files. Another extension could be that of the database.
    format!("{}-address", path()).into()
}
