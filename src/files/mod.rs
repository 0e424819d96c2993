//! Facts between stores and files: import and export.

mod export;
mod import;

pub use self::{
    export::{Export, ExportError, Exported, Table},
    import::{AccessLog, BadLine, Import, ImportError, Imported},
};
