//! Facts on their way into a store, or from one to another.

mod batch;
mod check;
mod mentions;
mod names;
mod rows;

pub use self::{
    batch::Batch,
    names::{PhaseName, TrackName},
    rows::{
        AliasRow, AsideRow, ConversionRow, DefinitionRow, ErasedRow, ExposureRow, LossRow,
        RawUnitRow, RequestSums, SumRow, WriterRow,
    },
};
