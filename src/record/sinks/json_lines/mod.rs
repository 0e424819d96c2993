//! Facts in a file, one JSON object on each line.

mod file;
mod known_sets;
mod line;
mod rotation;
mod sink;
mod text;

#[cfg(feature = "import")]
pub(in crate::record) use self::line::{
    AliasLine, ConversionLine, DefinitionLine, ExposureLine, Head, Hex, LossLine, PlanLine,
    TrackPart, VERSION, WriterLine,
};
pub use self::sink::JsonLines;
