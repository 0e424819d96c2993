//! Moves facts between stores and files.
//!
//! [`Import`] reads facts from JSON lines, such as a recorder on another machine wrote, or exposures from an
//! access log. [`Export`] writes the facts of a store as JSON lines or as a table in CSV. Importing what was
//! exported gives the same store; importing it twice changes nothing.
//!
//! ```
//! use tower_tracks::{
//!     files::{Export, Import},
//!     store::Memory,
//! };
//!
//! let (store, copy) = (Memory::default(), Memory::default());
//! let mut lines = Vec::new();
//! Export::of(&store).json_lines(&mut lines)?;
//! let imported = Import::json_lines(&lines[..]).into_store(&copy)?;
//! assert_eq!(imported.bad, 0);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Formats
//!
//! format | read | written | content
//! --- | --- | --- | ---
//! JSON lines | [`Import::json_lines`] | [`Export::json_lines`] | all facts, except sums over requests
//! access log | [`Import::access_log`] | | first exposures, from the header `Tracks-Exposure`
//! CSV | | [`Export::csv`] | one table for a spreadsheet or a notebook
//!
//! Both directions work in bounded memory, and both block: call them on a thread that may wait.

mod export;
mod import;

pub use self::{
    export::{Export, ExportError, Exported, Table},
    import::{AccessLog, BadLine, Import, ImportError, Imported},
};
