//! Facts in a file, one JSON object on each line.

mod aside;
mod clock;
mod file;
mod header;
mod known_sets;
mod rotation;
mod sink;
#[cfg(test)]
mod tests;
mod text;

pub use self::sink::JsonLines;
