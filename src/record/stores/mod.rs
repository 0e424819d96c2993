//! Where facts are kept.

mod catalog;
mod claim;
mod error;
mod kinds;
mod memory;
#[cfg(feature = "postgres")]
mod postgres;
#[cfg(feature = "sqlite")]
mod sqlite;
mod store;
mod written;

pub(crate) use self::kinds::{Kinds, check_kinds, sentence};
#[cfg(feature = "postgres")]
pub use self::postgres::{Postgres, PostgresBuilder};
#[cfg(feature = "sqlite")]
pub use self::sqlite::Sqlite;
pub use self::{
    catalog::{
        BusiestSecond, Definition, History, InvalidRows, Loss, Overlap, Phase, PlanEntry, Readout,
    },
    error::{StoreError, StoreErrorKind},
    memory::Memory,
    store::Store,
    written::{Rows, Written},
};
