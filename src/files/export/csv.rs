//! Facts as tables. The names of sets, tracks, goals and segments pass through `cell`, because
//! another program may have written them into the store.

use std::io::{self, Write};

use crate::{
    store::{Batch, Timestamp},
    text::cell,
};

use super::request::Exported;

/// A table of facts, to be written as CSV.
///
/// Units are 32 hexadecimal digits, and never keys. Times are in UTC, with six digits after the
/// second; a time that no calendar has is a number of microseconds since 1970.
///
/// ```
/// use tower_tracks::{files::{Export, Table}, store::Memory};
///
/// let mut csv = Vec::new();
/// Export::of(&Memory::default()).csv(Table::Aliases, &mut csv)?;
/// assert_eq!(csv, b"visitor,user,first_at\n");
/// # Ok::<(), tower_tracks::files::ExportError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Table {
    /// The first exposure of each unit to each track: `set`, `phase`, `track`, `control`, `unit`,
    /// `first_at`, `coin`, `definition` (its fingerprint), `segment`. The last three may be empty.
    /// The coin is `1`, `0` or empty.
    Exposures,
    /// Conversions: `goal`, `unit`, `at`, and `value_micros`, which is in millionths.
    Conversions,
    /// Visitors with their users: `visitor`, `user`, `first_at`.
    Aliases,
    /// Units whose facts up to a time were erased: `unit`, `at`.
    Erasures,
}

impl Table {
    /// Writes the column names.
    pub(super) fn begin(self, out: &mut impl Write) -> io::Result<()> {
        let columns = match self {
            Self::Exposures => "set,phase,track,control,unit,first_at,coin,definition,segment",
            Self::Conversions => "goal,unit,at,value_micros",
            Self::Aliases => "visitor,user,first_at",
            Self::Erasures => "unit,at",
        };
        writeln!(out, "{columns}")
    }

    /// Writes the rows of a batch that belong into the table, and counts them. All cells but names
    /// are digits or times.
    pub(super) fn write(
        self,
        out: &mut impl Write,
        batch: &Batch,
        exported: &mut Exported,
    ) -> io::Result<()> {
        match self {
            Self::Exposures => {
                exported.exposures += batch.exposures.len() as u64;
                exposures(out, batch)
            }
            Self::Conversions => {
                exported.conversions += batch.conversions.len() as u64;
                conversions(out, batch)
            }
            Self::Aliases => {
                exported.aliases += batch.aliases.len() as u64;
                aliases(out, batch)
            }
            Self::Erasures => {
                exported.erasures += batch.erased.len() as u64;
                erasures(out, batch)
            }
        }
    }
}

fn exposures(out: &mut impl Write, batch: &Batch) -> io::Result<()> {
    for row in &batch.exposures {
        let name = &batch.tracks()[row.track as usize];
        let (set, phase) = (cell(&name.phase.set), name.phase.phase);
        let (track, control) = (cell(&name.track), name.control);
        let (unit, at) = (row.unit, time(row.first_at));
        let coin = row.coin.map_or("", |coin| if coin { "1" } else { "0" });
        let definition = row.definition.map(|index| fingerprint(batch, index));
        let definition = definition.unwrap_or_default();
        let segment = row.segment.map(|index| &batch.segments()[index as usize]);
        let segment = segment.map(|segment| cell(segment)).unwrap_or_default();
        write!(out, "{set},{phase},{track},{control},{unit},{at}")?;
        writeln!(out, ",{coin},{definition},{segment}")?;
    }
    Ok(())
}

fn conversions(out: &mut impl Write, batch: &Batch) -> io::Result<()> {
    for row in &batch.conversions {
        let goal = cell(batch.goals()[row.goal as usize].as_str());
        let (unit, at, value) = (row.unit, time(row.at), row.value);
        writeln!(out, "{goal},{unit},{at},{value}")?;
    }
    Ok(())
}

fn aliases(out: &mut impl Write, batch: &Batch) -> io::Result<()> {
    for row in &batch.aliases {
        let at = time(row.first_at);
        writeln!(out, "{},{},{at}", row.visitor, row.user)?;
    }
    Ok(())
}

fn erasures(out: &mut impl Write, batch: &Batch) -> io::Result<()> {
    for row in &batch.erased {
        writeln!(out, "{},{}", row.unit, time(row.at))?;
    }
    Ok(())
}

/// Returns the fingerprint of a listed definition as lower-case hexadecimal.
pub(super) fn fingerprint(batch: &Batch, index: u32) -> String {
    let bytes = batch.definition_names()[index as usize].fingerprint;
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The time of UTC by ISO 8601, or its microseconds where no calendar reaches.
fn time(at: Timestamp) -> String {
    let micros = at.as_micros();
    jiff::Timestamp::from_microsecond(micros)
        .map_or_else(|_| micros.to_string(), |time| format!("{time:.6}"))
}
