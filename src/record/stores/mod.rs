//! Where facts are kept.

mod catalog;
mod claim;
mod error;
mod memory;
#[cfg(feature = "sqlite")]
mod sqlite;
mod store;
mod written;

#[cfg(feature = "sqlite")]
pub use self::sqlite::Sqlite;
pub use self::{
    catalog::{Definition, History, Loss, Phase, Readout},
    error::{StoreError, StoreErrorKind},
    memory::Memory,
    store::Store,
    written::{Rows, Written},
};
