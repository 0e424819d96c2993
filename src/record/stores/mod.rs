//! Where facts are kept.

mod catalog;
mod claim;
mod error;
mod memory;
mod store;
mod written;

pub use self::{
    catalog::{Definition, History, Loss, Phase, Readout},
    error::{StoreError, StoreErrorKind},
    memory::Memory,
    store::Store,
    written::{Rows, Written},
};
