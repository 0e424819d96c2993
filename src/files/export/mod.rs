//! Writes the facts of a store to files. Both formats read the store by its dump, which is one
//! snapshot.

mod csv;
mod json_lines;
mod request;

pub use self::{
    csv::Table,
    request::{Export, ExportError, Exported},
};
