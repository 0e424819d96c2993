//! Facts out of a store, into files.

mod csv;
mod fingerprint;
mod json_lines;
mod keys;
mod request;

pub use self::{
    csv::Table,
    request::{Export, ExportError, Exported},
};
