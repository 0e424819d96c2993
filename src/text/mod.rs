//! Texts of strangers, made safe for a terminal and for CSV.
//!
//! Keys, messages of databases and names in imported files are written by others. Such a text goes
//! through one of these functions where it is shown.
//!
//! ```text
//! to                      function
//! a terminal, one line    control::one_line
//! a terminal, several     control::lines
//! JSON                    control::json
//! CSV                     cell, or plain and quoted
//! Markdown                markdown
//! a log                   chain, for an error with its causes
//! ```

#[cfg(any(feature = "cli", feature = "record"))]
mod chain;
#[cfg(any(feature = "files", feature = "report"))]
pub(crate) mod control;
#[cfg(any(feature = "files", feature = "report"))]
mod csv_cell;
#[cfg(feature = "dashboard")]
mod markdown;

#[cfg(any(feature = "cli", feature = "record"))]
pub(crate) use self::chain::chain;
#[cfg(any(feature = "dashboard", feature = "files"))]
pub(crate) use self::csv_cell::cell;
#[cfg(feature = "dashboard")]
pub(crate) use self::markdown::markdown;
#[cfg(feature = "report")]
pub(crate) use self::{
    control::spaced,
    csv_cell::{plain, quoted},
};
