use std::sync::Arc;

use sqlx::{Row, postgres::PgRow};

use super::{
    catalog::{fingerprint, text, time},
    failure::Outcome,
    names::{Names, id, optional_id},
    uuid::Uuid,
    whole::{narrow, wide},
};
use crate::{
    event::Unit,
    record::{
        AliasRow, AsideRow, Batch, ConversionRow, DefinitionRow, ErasedRow, ExposureRow, LossRow,
        PlanRow, RawUnitRow, RequestSums, StoreError, SumRow,
    },
};

/// A row on its way from a table into a batch.
pub(super) trait Dumped: Sized + Send + 'static {
    const SELECT: &'static str;

    /// Reads a row, with ids of this database in the place of indices.
    fn read(row: &PgRow) -> Outcome<Self>;

    /// Puts a row into a batch, with its indices in the place of ids.
    fn put(self, batch: &mut Batch, names: &Names) -> Result<(), StoreError>;
}

impl Dumped for ErasedRow {
    const SELECT: &'static str = "SELECT unit, at FROM erased";

    fn read(row: &PgRow) -> Outcome<Self> {
        Ok(Self {
            unit: unit(row, 0)?,
            at: time(row, 1)?,
        })
    }

    fn put(self, batch: &mut Batch, _: &Names) -> Result<(), StoreError> {
        batch.erased.push(self);
        Ok(())
    }
}

impl Dumped for DefinitionRow {
    const SELECT: &'static str =
        "SELECT phase_id, fingerprint, json::text, first_at FROM definition WHERE json IS NOT NULL";

    fn read(row: &PgRow) -> Outcome<Self> {
        Ok(Self {
            phase: id(row, 0)?,
            fingerprint: fingerprint(row, 1)?,
            json: text(row, 2)?,
            first_at: time(row, 3)?,
        })
    }

    fn put(self, batch: &mut Batch, names: &Names) -> Result<(), StoreError> {
        let phase = names.phase(self.phase, batch)?;
        batch.definitions.push(Self { phase, ..self });
        Ok(())
    }
}

impl Dumped for PlanRow {
    const SELECT: &'static str = "SELECT phase_id, first_at, json FROM plan";

    fn read(row: &PgRow) -> Outcome<Self> {
        Ok(Self {
            phase: id(row, 0)?,
            first_at: time(row, 1)?,
            json: text(row, 2)?,
        })
    }

    fn put(self, batch: &mut Batch, names: &Names) -> Result<(), StoreError> {
        let phase = names.phase(self.phase, batch)?;
        batch.plans.push(Self { phase, ..self });
        Ok(())
    }
}

impl Dumped for ExposureRow {
    const SELECT: &'static str =
        "SELECT track_id, unit, first_at, coin, writer_id, definition_id, segment_id FROM exposure";

    fn read(row: &PgRow) -> Outcome<Self> {
        Ok(Self {
            track: id(row, 0)?,
            unit: unit(row, 1)?,
            first_at: time(row, 2)?,
            coin: row.try_get(3)?,
            definition: optional_id(row, 5)?,
            segment: optional_id(row, 6)?,
            writer: id(row, 4)?,
        })
    }

    fn put(self, batch: &mut Batch, names: &Names) -> Result<(), StoreError> {
        let track = names.track(self.track, batch)?;
        let writer = names.writer(self.writer, batch)?;
        let definition = self.definition.map(|id| names.definition(id, batch));
        let segment = self.segment.map(|id| names.segment(id, batch));
        batch.exposures.push(Self {
            track,
            writer,
            definition: definition.transpose()?,
            segment: segment.transpose()?,
            ..self
        });
        Ok(())
    }
}

impl Dumped for ConversionRow {
    const SELECT: &'static str = "SELECT goal_id, unit, idem, at, value, writer_id FROM conversion";

    fn read(row: &PgRow) -> Outcome<Self> {
        let idem: Uuid = row.try_get(2)?;
        Ok(Self {
            goal: id(row, 0)?,
            unit: unit(row, 1)?,
            idem: idem.0,
            at: time(row, 3)?,
            value: row.try_get(4)?,
            writer: id(row, 5)?,
        })
    }

    fn put(self, batch: &mut Batch, names: &Names) -> Result<(), StoreError> {
        let goal = names.goal(self.goal, batch)?;
        let writer = names.writer(self.writer, batch)?;
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

    fn read(row: &PgRow) -> Outcome<Self> {
        Ok(Self {
            visitor: unit(row, 0)?,
            user: unit(row, 1)?,
            first_at: time(row, 2)?,
        })
    }

    fn put(self, batch: &mut Batch, _: &Names) -> Result<(), StoreError> {
        batch.aliases.push(self);
        Ok(())
    }
}

impl Dumped for SumRow {
    const SELECT: &'static str = "SELECT track_id, bucket, writer_id, requests::text, \
        errors::text, aborted::text, duration_us::text, duration_us_sq::text FROM request_sum";

    fn read(row: &PgRow) -> Outcome<Self> {
        let bucket = id(row, 1)?;
        Ok(Self {
            track: id(row, 0)?,
            bucket: u16::try_from(bucket).unwrap_or(u16::MAX),
            writer: id(row, 2)?,
            sums: request_sums(row, 3)?,
        })
    }

    fn put(self, batch: &mut Batch, names: &Names) -> Result<(), StoreError> {
        let track = names.track(self.track, batch)?;
        let writer = names.writer(self.writer, batch)?;
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

    fn read(row: &PgRow) -> Outcome<Self> {
        Ok(Self {
            writer: id(row, 0)?,
            track: optional_id(row, 1)?,
            goal: optional_id(row, 2)?,
            sink: text(row, 3)?,
            reason: text(row, 4)?,
            n: narrow(row, 5)?,
        })
    }

    fn put(self, batch: &mut Batch, names: &Names) -> Result<(), StoreError> {
        let writer = names.writer(self.writer, batch)?;
        let track = self.track.map(|id| names.track(id, batch)).transpose()?;
        let goal = self.goal.map(|id| names.goal(id, batch)).transpose()?;
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

    fn read(row: &PgRow) -> Outcome<Self> {
        Ok(Self {
            unit: unit(row, 0)?,
            kind: text(row, 1)?,
            key: Arc::from(row.try_get::<&[u8], _>(2)?),
        })
    }

    fn put(self, batch: &mut Batch, _: &Names) -> Result<(), StoreError> {
        batch.raw_units.push(self);
        Ok(())
    }
}

impl Dumped for AsideRow {
    const SELECT: &'static str = "SELECT at, reason, payload FROM aside ORDER BY id";

    fn read(row: &PgRow) -> Outcome<Self> {
        Ok(Self {
            at: time(row, 0)?,
            reason: text(row, 1)?,
            payload: text(row, 2)?,
        })
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

fn unit(row: &PgRow, column: usize) -> Outcome<Unit> {
    let unit: Uuid = row.try_get(column)?;
    Ok(unit.unit())
}
