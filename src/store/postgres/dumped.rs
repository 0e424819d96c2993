//! How the rows of each table are read for a dump. Reading runs on the runtime; adding to a batch
//! runs on the thread that waits, with the names.
//!
//! A row that refers to a name that is not allowed is left out. A definition and a segment are
//! exceptions: the exposure stays without them. Numbers of more than 64 bits are read as text.

use sqlx::{Row, postgres::PgRow};

use super::{
    catalog::{fingerprint, json, text, time},
    failure::Outcome,
    names::{Names, id, optional, optional_id},
    uuid::Uuid,
    whole::{narrow, wide},
};
use crate::{
    store::{
        error::StoreError,
        facts::{
            AliasRow, AsideRow, Batch, ConversionRow, DefinitionRow, ErasedRow, ExposureRow,
            LossRow, PlanRow, RawUnitRow, RequestSums, SumRow,
        },
    },
    unit::Unit,
};

/// A row on its way from a table into a batch.
pub(super) trait Dumped: Sized + Send + 'static {
    /// Selects the columns of the table, in any order of rows.
    const SELECT: &'static str;

    /// Reads a row, with ids of this database instead of indices; `None` if one of its texts is not
    /// allowed.
    fn read(row: &PgRow) -> Outcome<Option<Self>>;

    /// Adds a row to a batch, with indices instead of ids; leaves it out if it refers to an item with an
    /// invalid name.
    fn put(self, batch: &mut Batch, names: &Names) -> Result<(), StoreError>;
}

impl Dumped for ErasedRow {
    const SELECT: &'static str = "SELECT unit, at FROM erased";

    fn read(row: &PgRow) -> Outcome<Option<Self>> {
        Ok(Some(Self {
            unit: unit(row, 0)?,
            at: time(row, 1)?,
        }))
    }

    fn put(self, batch: &mut Batch, _: &Names) -> Result<(), StoreError> {
        batch.erased.push(self);
        Ok(())
    }
}

impl Dumped for DefinitionRow {
    const SELECT: &'static str =
        "SELECT phase_id, fingerprint, json::text, first_at FROM definition WHERE json IS NOT NULL";

    fn read(row: &PgRow) -> Outcome<Option<Self>> {
        let (phase, fingerprint, first_at) = (id(row, 0)?, fingerprint(row, 1)?, time(row, 3)?);
        Ok(json(row, 2)?.map(|json| Self {
            phase,
            fingerprint,
            json,
            first_at,
        }))
    }

    fn put(self, batch: &mut Batch, names: &Names) -> Result<(), StoreError> {
        if let Some(phase) = names.phase(self.phase, batch)? {
            batch.definitions.push(Self { phase, ..self });
        }
        Ok(())
    }
}

impl Dumped for PlanRow {
    const SELECT: &'static str = "SELECT phase_id, first_at, json FROM plan";

    fn read(row: &PgRow) -> Outcome<Option<Self>> {
        let (phase, first_at) = (id(row, 0)?, time(row, 1)?);
        Ok(json(row, 2)?.map(|json| Self {
            phase,
            first_at,
            json,
        }))
    }

    fn put(self, batch: &mut Batch, names: &Names) -> Result<(), StoreError> {
        if let Some(phase) = names.phase(self.phase, batch)? {
            batch.plans.push(Self { phase, ..self });
        }
        Ok(())
    }
}

impl Dumped for ExposureRow {
    const SELECT: &'static str =
        "SELECT track_id, unit, first_at, coin, writer_id, definition_id, segment_id FROM exposure";

    fn read(row: &PgRow) -> Outcome<Option<Self>> {
        Ok(Some(Self {
            track: id(row, 0)?,
            unit: unit(row, 1)?,
            first_at: time(row, 2)?,
            coin: row.try_get(3)?,
            definition: optional_id(row, 5)?,
            segment: optional_id(row, 6)?,
            writer: id(row, 4)?,
        }))
    }

    fn put(self, batch: &mut Batch, names: &Names) -> Result<(), StoreError> {
        let track = names.track(self.track, batch)?;
        let Some((track, writer)) = track.zip(names.writer(self.writer, batch)?) else {
            return Ok(());
        };
        let definition = optional(self.definition, |id| names.definition(id, batch))?;
        let segment = optional(self.segment, |id| names.segment(id, batch))?;
        batch.exposures.push(Self {
            track,
            writer,
            definition: definition.flatten(),
            segment: segment.flatten(),
            ..self
        });
        Ok(())
    }
}

impl Dumped for ConversionRow {
    const SELECT: &'static str = "SELECT goal_id, unit, idem, at, value, writer_id FROM conversion";

    fn read(row: &PgRow) -> Outcome<Option<Self>> {
        let idem: Uuid = row.try_get(2)?;
        Ok(Some(Self {
            goal: id(row, 0)?,
            unit: unit(row, 1)?,
            idem: idem.0,
            at: time(row, 3)?,
            value: row.try_get(4)?,
            writer: id(row, 5)?,
        }))
    }

    fn put(self, batch: &mut Batch, names: &Names) -> Result<(), StoreError> {
        let goal = names.goal(self.goal, batch)?;
        let Some((goal, writer)) = goal.zip(names.writer(self.writer, batch)?) else {
            return Ok(());
        };
        batch.conversions.push(Self {
            goal,
            writer,
            ..self
        });
        Ok(())
    }
}

impl Dumped for AliasRow {
    const SELECT: &'static str = "SELECT visitor, \"user\", first_at FROM alias";

    fn read(row: &PgRow) -> Outcome<Option<Self>> {
        Ok(Some(Self {
            visitor: unit(row, 0)?,
            user: unit(row, 1)?,
            first_at: time(row, 2)?,
        }))
    }

    fn put(self, batch: &mut Batch, _: &Names) -> Result<(), StoreError> {
        batch.aliases.push(self);
        Ok(())
    }
}

impl Dumped for SumRow {
    const SELECT: &'static str = "SELECT track_id, bucket, writer_id, requests::text, \
        errors::text, aborted::text, duration_us::text, duration_us_sq::text FROM request_sum";

    fn read(row: &PgRow) -> Outcome<Option<Self>> {
        let bucket = id(row, 1)?;
        Ok(Some(Self {
            track: id(row, 0)?,
            bucket: u16::try_from(bucket).unwrap_or(u16::MAX),
            writer: id(row, 2)?,
            sums: request_sums(row, 3)?,
        }))
    }

    fn put(self, batch: &mut Batch, names: &Names) -> Result<(), StoreError> {
        let track = names.track(self.track, batch)?;
        let Some((track, writer)) = track.zip(names.writer(self.writer, batch)?) else {
            return Ok(());
        };
        batch.sums.push(Self {
            track,
            writer,
            ..self
        });
        Ok(())
    }
}

impl Dumped for LossRow {
    const SELECT: &'static str =
        "SELECT writer_id, track_id, goal_id, sink, reason, n::text FROM loss";

    fn read(row: &PgRow) -> Outcome<Option<Self>> {
        let (writer, n) = (id(row, 0)?, narrow(row, 5)?);
        let (track, goal) = (optional_id(row, 1)?, optional_id(row, 2)?);
        let texts = text(row, 3)?.zip(text(row, 4)?);
        Ok(texts.map(|(sink, reason)| Self {
            writer,
            track,
            goal,
            sink,
            reason,
            n,
        }))
    }

    fn put(self, batch: &mut Batch, names: &Names) -> Result<(), StoreError> {
        let track = optional(self.track, |id| names.track(id, batch))?;
        let goal = optional(self.goal, |id| names.goal(id, batch))?;
        let of = track.zip(goal).zip(names.writer(self.writer, batch)?);
        let Some(((track, goal), writer)) = of else {
            return Ok(());
        };
        batch.losses.push(Self {
            writer,
            track,
            goal,
            ..self
        });
        Ok(())
    }
}

impl Dumped for RawUnitRow {
    const SELECT: &'static str = "SELECT unit, kind, key FROM raw_unit";

    fn read(row: &PgRow) -> Outcome<Option<Self>> {
        let (unit, key) = (unit(row, 0)?, row.try_get::<&[u8], _>(2)?);
        Ok(text(row, 1)?.map(|kind| Self {
            unit,
            kind,
            key: key.into(),
        }))
    }

    fn put(self, batch: &mut Batch, _: &Names) -> Result<(), StoreError> {
        batch.raw_units.push(self);
        Ok(())
    }
}

impl Dumped for AsideRow {
    const SELECT: &'static str = "SELECT at, reason, payload FROM aside ORDER BY id";

    fn read(row: &PgRow) -> Outcome<Option<Self>> {
        let (at, parts) = (time(row, 0)?, text(row, 1)?.zip(json(row, 2)?));
        Ok(parts.map(|(reason, payload)| Self {
            at,
            reason,
            payload,
        }))
    }

    fn put(self, batch: &mut Batch, _: &Names) -> Result<(), StoreError> {
        batch.aside.push(self);
        Ok(())
    }
}

/// Reads numbers as text.
pub(super) fn request_sums(row: &PgRow, column: usize) -> Outcome<RequestSums> {
    Ok(RequestSums {
        requests: narrow(row, column)?,
        errors: narrow(row, column + 1)?,
        aborted: narrow(row, column + 2)?,
        duration_us: narrow(row, column + 3)?,
        duration_us_sq: wide(row, column + 4)?,
    })
}

/// Reads a unit.
fn unit(row: &PgRow, column: usize) -> Outcome<Unit> {
    let unit: Uuid = row.try_get(column)?;
    Ok(unit.unit())
}
