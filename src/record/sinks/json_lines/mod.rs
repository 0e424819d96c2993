//! Facts in a file, one JSON object on each line.

mod aside;
mod clock;
mod file;
mod header;
mod known_sets;
mod line;
mod rotation;
mod sink;
#[cfg(test)]
mod tests;
mod text;

#[cfg(feature = "import")]
pub(in crate::record) use self::line::{
    AliasLine, ConversionLine, DefinitionLine, ExposureLine, FileLine, Head, Hex, LossLine,
    PlanLine, TrackPart, VERSION, WriterLine,
};
pub use self::sink::JsonLines;
