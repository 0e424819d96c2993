//! Facts on their way into a store, or from one to another.
//!
//! The types are the exchange format between recorder, stores, imports and exports. They have names
//! instead of ids, and public fields without invariants; `check` finds what no store accepts.

mod batch;
mod check;
#[cfg(any(
    feature = "clickhouse",
    feature = "files",
    feature = "postgres",
    feature = "sqlite"
))]
pub(crate) mod grammar;
#[cfg(any(feature = "files", feature = "record"))]
pub(crate) mod line;
mod listed;
mod mentions;
mod names;
#[cfg(any(feature = "postgres", feature = "sqlite"))]
mod rank;
mod rows;

#[cfg(feature = "record")]
pub(crate) use self::listed::Listed;
#[cfg(any(feature = "postgres", feature = "sqlite"))]
pub(super) use self::rank::{Rank, Ranks};
pub use self::{
    batch::Batch,
    names::{DefinitionName, PhaseName, TrackName},
    rows::{
        AliasRow, AsideRow, ConversionRow, DefinitionRow, ErasedRow, ExposureRow, LatencyRow,
        LossRow, PlanRow, RawUnitRow, RequestSums, SumRow, WriterRow,
    },
};
