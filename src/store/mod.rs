//! Where facts are kept.

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
