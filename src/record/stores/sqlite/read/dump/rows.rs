use std::collections::HashMap;

use rusqlite::{Row, Transaction};

use crate::record::{
    AliasRow, AsideRow, Batch, ConversionRow, DefinitionRow, ErasedRow, ExposureRow, LossRow,
    PlanRow, RawUnitRow, SumRow, WriterRow,
};

use super::{
    super::{
        super::{
            failure::Outcome,
            values::{blob, count, time, unit},
        },
        names::Named,
        sums::of_row,
    },
    Names,
};

pub(super) fn writers(transaction: &Transaction<'_>) -> Outcome<Named<WriterRow>> {
    let mut statement = transaction.prepare("SELECT id, uuid, node, started_at FROM writer")?;
    let rows = statement.query_map([], |row| {
        let writer = WriterRow {
            uuid: row.get(1)?,
            node: row.get(2)?,
            started_at: time(row, 3)?,
        };
        Ok((row.get(0)?, writer))
    })?;
    let writers = rows.collect::<rusqlite::Result<HashMap<_, _>>>()?;
    Ok(Named::new("writer", writers))
}

pub(super) fn erased(row: &Row<'_>, _: &Names, batch: &mut Batch) -> Outcome<()> {
    batch.erased.push(ErasedRow {
        unit: unit(row, 0)?,
        at: time(row, 1)?,
    });
    Ok(())
}

pub(super) fn definition(row: &Row<'_>, names: &Names, batch: &mut Batch) -> Outcome<()> {
    let definition = DefinitionRow {
        phase: batch.phase(names.phases.get(row.get(0)?)?),
        fingerprint: row.get(1)?,
        json: row.get(2)?,
        first_at: time(row, 3)?,
    };
    batch.definitions.push(definition);
    Ok(())
}

pub(super) fn plan(row: &Row<'_>, names: &Names, batch: &mut Batch) -> Outcome<()> {
    let plan = PlanRow {
        phase: batch.phase(names.phases.get(row.get(0)?)?),
        first_at: time(row, 1)?,
        json: row.get(2)?,
    };
    batch.plans.push(plan);
    Ok(())
}

pub(super) fn exposure(row: &Row<'_>, names: &Names, batch: &mut Batch) -> Outcome<()> {
    let definition = names.definitions.optional(row.get(5)?)?;
    let segment = names.segments.optional(row.get(6)?)?;
    let exposure = ExposureRow {
        track: batch.track(names.tracks.get(row.get(0)?)?),
        unit: unit(row, 1)?,
        first_at: time(row, 2)?,
        coin: row.get(3)?,
        definition: definition.map(|definition| batch.definition(definition)),
        segment: segment.map(|segment| batch.segment(segment)),
        writer: batch.writer(names.writers.get(row.get(4)?)?),
    };
    batch.exposures.push(exposure);
    Ok(())
}

pub(super) fn conversion(row: &Row<'_>, names: &Names, batch: &mut Batch) -> Outcome<()> {
    let conversion = ConversionRow {
        goal: batch.goal(names.goals.get(row.get(0)?)?),
        unit: unit(row, 1)?,
        idem: row.get(2)?,
        at: time(row, 3)?,
        value: row.get(4)?,
        writer: batch.writer(names.writers.get(row.get(5)?)?),
    };
    batch.conversions.push(conversion);
    Ok(())
}

pub(super) fn alias(row: &Row<'_>, _: &Names, batch: &mut Batch) -> Outcome<()> {
    batch.aliases.push(AliasRow {
        visitor: unit(row, 0)?,
        user: unit(row, 1)?,
        first_at: time(row, 2)?,
    });
    Ok(())
}

pub(super) fn sum(row: &Row<'_>, names: &Names, batch: &mut Batch) -> Outcome<()> {
    let sum = SumRow {
        track: batch.track(names.tracks.get(row.get(0)?)?),
        bucket: row.get(1)?,
        writer: batch.writer(names.writers.get(row.get(2)?)?),
        sums: of_row(row, 3)?,
    };
    batch.sums.push(sum);
    Ok(())
}

pub(super) fn loss(row: &Row<'_>, names: &Names, batch: &mut Batch) -> Outcome<()> {
    let track = names.tracks.optional(row.get(1)?)?;
    let goal = names.goals.optional(row.get(2)?)?;
    let loss = LossRow {
        writer: batch.writer(names.writers.get(row.get(0)?)?),
        track: track.map(|track| batch.track(track)),
        goal: goal.map(|goal| batch.goal(goal)),
        sink: row.get(3)?,
        reason: row.get(4)?,
        n: count(row, 5)?,
    };
    batch.losses.push(loss);
    Ok(())
}

pub(super) fn raw_unit(row: &Row<'_>, _: &Names, batch: &mut Batch) -> Outcome<()> {
    batch.raw_units.push(RawUnitRow {
        unit: unit(row, 0)?,
        kind: row.get(1)?,
        key: blob(row, 2)?,
    });
    Ok(())
}

pub(super) fn aside(row: &Row<'_>, _: &Names, batch: &mut Batch) -> Outcome<()> {
    batch.aside.push(AsideRow {
        at: time(row, 0)?,
        reason: row.get(1)?,
        payload: row.get(2)?,
    });
    Ok(())
}
