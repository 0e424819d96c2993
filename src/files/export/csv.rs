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
}

/// Writes batches as one table. All cells but names are digits or times.
pub(super) struct CsvWriter<W> {
    table: Table,
    out: W,
    exported: Exported,
}

impl Table {
    /// Returns the first line of the table.
    fn columns(self) -> &'static str {
        match self {
            Self::Exposures => "set,phase,track,control,unit,first_at,coin,definition,segment",
            Self::Conversions => "goal,unit,at,value_micros",
            Self::Aliases => "visitor,user,first_at",
        }
    }
}

impl<W: Write> CsvWriter<W> {
    /// Writes the column names.
    pub(super) fn begin(table: Table, mut out: W) -> io::Result<Self> {
        writeln!(out, "{}", table.columns())?;
        Ok(Self {
            table,
            out,
            exported: Exported::default(),
        })
    }

    /// Writes the rows of a batch that belong into the table.
    pub(super) fn write(&mut self, batch: Batch) -> io::Result<()> {
        match self.table {
            Table::Exposures => self.exposures(&batch),
            Table::Conversions => self.conversions(&batch),
            Table::Aliases => self.aliases(&batch),
        }
    }

    /// Flushes the writer, and returns the counts.
    pub(super) fn end(mut self) -> io::Result<Exported> {
        self.out.flush()?;
        Ok(self.exported)
    }

    fn exposures(&mut self, batch: &Batch) -> io::Result<()> {
        for row in &batch.exposures {
            let name = &batch.tracks()[row.track as usize];
            let (set, phase) = (cell(&name.phase.set), name.phase.phase);
            let (track, control) = (cell(&name.track), name.control);
            let (unit, at) = (row.unit, time(row.first_at));
            let coin = row.coin.map_or("", |coin| if coin { "1" } else { "0" });
            let definition = row.definition.map(|index| batch.fingerprint(index));
            let definition = definition.unwrap_or_default();
            let segment = row.segment.map(|index| &batch.segments()[index as usize]);
            let segment = segment.map(|segment| cell(segment)).unwrap_or_default();
            write!(self.out, "{set},{phase},{track},{control},{unit},{at}")?;
            writeln!(self.out, ",{coin},{definition},{segment}")?;
        }
        self.exported.exposures += batch.exposures.len() as u64;
        Ok(())
    }

    fn conversions(&mut self, batch: &Batch) -> io::Result<()> {
        for row in &batch.conversions {
            let goal = cell(batch.goals()[row.goal as usize].as_str());
            let (unit, at, value) = (row.unit, time(row.at), row.value);
            writeln!(self.out, "{goal},{unit},{at},{value}")?;
        }
        self.exported.conversions += batch.conversions.len() as u64;
        Ok(())
    }

    fn aliases(&mut self, batch: &Batch) -> io::Result<()> {
        for row in &batch.aliases {
            let at = time(row.first_at);
            writeln!(self.out, "{},{},{at}", row.visitor, row.user)?;
        }
        self.exported.aliases += batch.aliases.len() as u64;
        Ok(())
    }
}

/// The time of UTC by ISO 8601, or its microseconds where no calendar reaches.
fn time(at: Timestamp) -> String {
    let micros = at.as_micros();
    jiff::Timestamp::from_microsecond(micros)
        .map_or_else(|_| micros.to_string(), |time| format!("{time:.6}"))
}
