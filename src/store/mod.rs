//! Stores: where facts are kept, and what reports read.
//!
//! A [`Store`] has the first exposure of each unit to each track, each conversion, and the definitions and
//! plans under which they happened. [`Memory`] is the model of all stores, `Sqlite` keeps facts in a file,
//! and `Postgres` in the database of several machines. A recorder writes into a store; a report, the
//! dashboard and the command line read it.
//!
//! ```
//! use tower_tracks::{
//!     Key, Units,
//!     store::{Memory, Store},
//! };
//!
//! let store = Memory::default();
//! let units = Units::pseudonym("sixteen random bytes, or more")?;
//! assert_eq!(store.phases()?.len(), 0);
//!
//! // Every fact of one unit, however many there are.
//! let unit = units.unit("visitor", &Key::from("alice"));
//! assert!(store.history(unit)?.exposures.is_empty());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Writing is a union
//!
//! A [`Batch`] of facts can be written again, in any order, by several programs: the earliest exposure of a
//! unit counts, and a conversion with the same id is the same conversion. So a write is repeated if it is not
//! known whether it succeeded, and [`Store::merge`] adds the facts of another store.
//!
//! # Errors
//!
//! A [`StoreError`] has a [kind](StoreErrorKind), which says whether a later attempt may succeed.

mod attribution;
mod calendar;
mod catalog;
mod claim;
#[cfg(feature = "test-util")]
pub mod conformance;
mod error;
pub(crate) mod facts;
mod kinds;
mod lost_reason;
mod memory;
#[cfg(feature = "postgres")]
mod postgres;
mod serialized;
mod shared;
#[cfg(feature = "sqlite")]
mod sqlite;
mod store;
mod timestamp;
mod written;

pub use crate::i256::I256;

#[cfg(any(feature = "files", feature = "record"))]
pub(crate) use self::kinds::Kinds;
#[cfg(feature = "cli")]
pub(crate) use self::kinds::check_kinds;
#[cfg(any(feature = "files", feature = "record"))]
pub(crate) use self::kinds::sentence;
#[cfg(feature = "postgres")]
pub use self::postgres::{Postgres, PostgresBuilder};
#[cfg(feature = "sqlite")]
pub use self::sqlite::Sqlite;
pub use self::{
    catalog::{
        BusiestSecond, Definition, History, InvalidRows, Loss, Overlap, Phase, PlanEntry, Readout,
    },
    error::{StoreError, StoreErrorKind},
    lost_reason::LostReason,
    memory::Memory,
    store::Store,
    written::{Rows, Written},
};

pub use self::{
    attribution::{
        Amount, AskedGoal, AttributedGoal, Attribution, Cell, Cohort, GoalCells, Measure, Question,
        ServedDefinition,
    },
    calendar::Calendar,
    facts::{
        AliasRow, AsideRow, Batch, ConversionRow, DefinitionName, DefinitionRow, ErasedRow,
        ExposureRow, LossRow, PhaseName, PlanRow, RawUnitRow, RequestSums, SumRow, TrackName,
        WriterRow,
    },
    timestamp::Timestamp,
};
