//! Where facts are kept.

mod attribution;
mod calendar;
mod catalog;
mod claim;
mod error;
pub(crate) mod facts;
mod kinds;
mod memory;
#[cfg(feature = "postgres")]
mod postgres;
#[cfg(feature = "sqlite")]
mod sqlite;
mod store;
mod timestamp;
mod written;

pub use crate::i256::I256;

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
