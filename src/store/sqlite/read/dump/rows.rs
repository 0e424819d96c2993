//! How the rows of each table come into a batch, with indices instead of ids.
//!
//! A function adds one row to the batch. It lists the names that the row refers to, and leaves the
//! row out if one of them is not allowed. A definition and a segment are exceptions: the exposure
//! stays without them.

use rusqlite::{Row, Transaction};

use crate::store::facts::{
    AliasRow, AsideRow, Batch, ConversionRow, DefinitionRow, ErasedRow, ExposureRow, LossRow,
    PlanRow, RawUnitRow, SumRow, WriterRow,
};

use super::Names;
use crate::store::sqlite::{
    failure::Outcome,
    read::{
        names::{self, Named},
        sums::of_row,
    },
    values::{blob, count, json, text, time, unit},
};

/// All writers by id. One whose node is not allowed stays without it, and its facts with it.
pub(super) fn writers(transaction: &Transaction<'_>) -> Outcome<Named<WriterRow>> {
    let all = "SELECT uuid, node, started_at, id FROM writer";
    names::named(transaction, ("writer", all), |row| {
        Ok(Some(WriterRow {
            uuid: row.get(0)?,
            node: text(row, 1)?.unwrap_or_default(),
            started_at: time(row, 2)?,
        }))
    })
}

pub(super) fn erased(row: &Row<'_>, _: &Names, batch: &mut Batch) -> Outcome<()> {
    batch.erased.push(ErasedRow {
        unit: unit(row, 0)?,
        at: time(row, 1)?,
    });
    Ok(())
}

pub(super) fn definition(row: &Row<'_>, names: &Names, batch: &mut Batch) -> Outcome<()> {
    let Some((phase, json)) = names.phases.get(row.get(0)?)?.zip(json(row, 2)?) else {
        return Ok(());
    };
    let definition = DefinitionRow {
        phase: batch.phase(phase),
        fingerprint: row.get(1)?,
        json,
        first_at: time(row, 3)?,
    };
    batch.definitions.push(definition);
    Ok(())
}

pub(super) fn plan(row: &Row<'_>, names: &Names, batch: &mut Batch) -> Outcome<()> {
    let Some((phase, json)) = names.phases.get(row.get(0)?)?.zip(json(row, 2)?) else {
        return Ok(());
    };
    let plan = PlanRow {
        phase: batch.phase(phase),
        first_at: time(row, 1)?,
        json,
    };
    batch.plans.push(plan);
    Ok(())
}

pub(super) fn exposure(row: &Row<'_>, names: &Names, batch: &mut Batch) -> Outcome<()> {
    let definition = names.definitions.optional(row.get(5)?)?.flatten();
    let segment = names.segments.optional(row.get(6)?)?.flatten();
    let track = names.tracks.get(row.get(0)?)?;
    let Some((track, writer)) = track.zip(names.writers.get(row.get(4)?)?) else {
        return Ok(());
    };
    let exposure = ExposureRow {
        track: batch.track(track),
        unit: unit(row, 1)?,
        first_at: time(row, 2)?,
        coin: row.get(3)?,
        definition: definition.map(|definition| batch.definition(definition)),
        segment: segment.map(|segment| batch.segment(segment)),
        writer: batch.writer(writer),
    };
    batch.exposures.push(exposure);
    Ok(())
}

pub(super) fn conversion(row: &Row<'_>, names: &Names, batch: &mut Batch) -> Outcome<()> {
    let goal = names.goals.get(row.get(0)?)?;
    let Some((goal, writer)) = goal.zip(names.writers.get(row.get(5)?)?) else {
        return Ok(());
    };
    let conversion = ConversionRow {
        goal: batch.goal(goal),
        unit: unit(row, 1)?,
        idem: row.get(2)?,
        at: time(row, 3)?,
        value: row.get(4)?,
        writer: batch.writer(writer),
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
    let track = names.tracks.get(row.get(0)?)?;
    let Some((track, writer)) = track.zip(names.writers.get(row.get(2)?)?) else {
        return Ok(());
    };
    let sum = SumRow {
        track: batch.track(track),
        bucket: row.get(1)?,
        writer: batch.writer(writer),
        sums: of_row(row, 3)?,
    };
    batch.sums.push(sum);
    Ok(())
}

pub(super) fn loss(row: &Row<'_>, names: &Names, batch: &mut Batch) -> Outcome<()> {
    let track = names.tracks.optional(row.get(1)?)?;
    let goal = names.goals.optional(row.get(2)?)?;
    let texts = text(row, 3)?.zip(text(row, 4)?);
    let of = track.zip(goal).zip(names.writers.get(row.get(0)?)?);
    let Some((((track, goal), writer), (sink, reason))) = of.zip(texts) else {
        return Ok(());
    };
    let loss = LossRow {
        writer: batch.writer(writer),
        track: track.map(|track| batch.track(track)),
        goal: goal.map(|goal| batch.goal(goal)),
        sink,
        reason,
        n: count(row, 5)?,
    };
    batch.losses.push(loss);
    Ok(())
}

pub(super) fn raw_unit(row: &Row<'_>, _: &Names, batch: &mut Batch) -> Outcome<()> {
    if let Some(kind) = text(row, 1)? {
        batch.raw_units.push(RawUnitRow {
            unit: unit(row, 0)?,
            kind,
            key: blob(row, 2)?,
        });
    }
    Ok(())
}

pub(super) fn aside(row: &Row<'_>, _: &Names, batch: &mut Batch) -> Outcome<()> {
    if let Some((reason, payload)) = text(row, 1)?.zip(json(row, 2)?) {
        batch.aside.push(AsideRow {
            at: time(row, 0)?,
            reason,
            payload,
        });
    }
    Ok(())
}
