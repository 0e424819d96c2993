//! How the rows of each table come into a batch, with indices instead of ids.
//!
//! A method adds one row to the batch. It lists the names that the row refers to, and leaves the
//! row out if one of them is not allowed. A definition and a segment are exceptions: the exposure
//! stays without them.

use crate::store::{
    error::StoreError,
    facts::{
        AliasRow, AsideRow, Batch, ConversionRow, DefinitionRow, ErasedRow, ExposureRow,
        LatencyRow, LossRow, PlanRow, RawUnitRow, SumRow,
    },
};

use super::{columns::Columns, names::Names};

// Not a type parameter: a row of SQLite borrows its statement, and one function pointer has to take the
// rows of all statements.

/// A row, whichever database it comes from.
type Row<'r, F> = dyn Columns<Failure = F> + 'r;

/// Adds a row to the batch of a dump.
type Add<F> = fn(&mut Dump, &Row<'_, F>) -> Result<(), F>;

/// Returns the tables in the order in which they must be written: erasures before facts, so that the
/// reader refuses facts that it should not have, and keys of units after them. The sums of squares,
/// of 128 bits, have another type in each database, so each selects the sums in its own way.
pub(in crate::store) fn tables<F: From<StoreError>>(
    sums: &'static str,
) -> [(&'static str, Add<F>); 11] {
    [
        ("SELECT unit, at FROM erased", Dump::erased),
        (
            "SELECT phase_id, fingerprint, CAST(json AS text), first_at FROM definition \
             WHERE json IS NOT NULL",
            Dump::definition,
        ),
        ("SELECT phase_id, first_at, json FROM plan", Dump::plan),
        (
            "SELECT track_id, unit, first_at, coin, writer_id, definition_id, segment_id \
             FROM exposure",
            Dump::exposure,
        ),
        (
            "SELECT goal_id, unit, idem, at, value, writer_id FROM conversion",
            Dump::conversion,
        ),
        ("SELECT visitor, \"user\", first_at FROM alias", Dump::alias),
        (sums, Dump::sum),
        (
            "SELECT track_id, unit_group, bin, writer_id, requests FROM latency",
            Dump::latency,
        ),
        (
            "SELECT writer_id, track_id, goal_id, sink, reason, n FROM loss",
            Dump::loss,
        ),
        ("SELECT unit, kind, key FROM raw_unit", Dump::raw_unit),
        (
            "SELECT at, reason, payload FROM aside ORDER BY id",
            Dump::aside,
        ),
    ]
}

/// The names of a store, and a batch that is about to be handed out.
pub(in crate::store) struct Dump {
    names: Names,
    pub(in crate::store) batch: Batch,
}

impl Dump {
    /// Returns a dump whose first batch lists all names, also those that no row refers to.
    pub(in crate::store) fn new(names: Names) -> Self {
        let batch = names.listed();
        Self { names, batch }
    }

    /// Replaces the names, which have come to be more.
    #[cfg(feature = "clickhouse")]
    pub(in crate::store) fn renew(&mut self, names: Names) {
        self.names = names;
    }

    fn erased<F: From<StoreError>>(&mut self, row: &Row<'_, F>) -> Result<(), F> {
        self.batch.erased.push(ErasedRow {
            unit: row.unit(0)?,
            at: row.time(1)?,
        });
        Ok(())
    }

    fn definition<F: From<StoreError>>(&mut self, row: &Row<'_, F>) -> Result<(), F> {
        let phase = self.names.phases.get(row.id(0)?)?;
        if let Some((phase, json)) = phase.zip(row.json(2)?) {
            let definition = DefinitionRow {
                phase: self.batch.phase(phase),
                fingerprint: row.fingerprint(1)?,
                json,
                first_at: row.time(3)?,
            };
            self.batch.definitions.push(definition);
        }
        Ok(())
    }

    fn plan<F: From<StoreError>>(&mut self, row: &Row<'_, F>) -> Result<(), F> {
        let phase = self.names.phases.get(row.id(0)?)?;
        if let Some((phase, json)) = phase.zip(row.json(2)?) {
            let plan = PlanRow {
                phase: self.batch.phase(phase),
                first_at: row.time(1)?,
                json,
            };
            self.batch.plans.push(plan);
        }
        Ok(())
    }

    fn exposure<F: From<StoreError>>(&mut self, row: &Row<'_, F>) -> Result<(), F> {
        let Self { names, batch } = self;
        // An exposure counts without them, so it stays where one of these two has no valid name.
        let definition = names.definitions.optional(row.optional_id(5)?)?.flatten();
        let segment = names.segments.optional(row.optional_id(6)?)?.flatten();
        let track = names.tracks.get(row.id(0)?)?;
        if let Some((track, writer)) = track.zip(names.writers.get(row.id(4)?)?) {
            let exposure = ExposureRow {
                track: batch.track(track),
                unit: row.unit(1)?,
                first_at: row.time(2)?,
                coin: row.optional_flag(3)?,
                definition: definition.map(|definition| batch.definition(definition)),
                segment: segment.map(|segment| batch.segment(segment)),
                writer: batch.writer(writer),
            };
            batch.exposures.push(exposure);
        }
        Ok(())
    }

    fn conversion<F: From<StoreError>>(&mut self, row: &Row<'_, F>) -> Result<(), F> {
        let Self { names, batch } = self;
        let goal = names.goals.get(row.id(0)?)?;
        if let Some((goal, writer)) = goal.zip(names.writers.get(row.id(5)?)?) {
            let conversion = ConversionRow {
                goal: batch.goal(goal),
                unit: row.unit(1)?,
                idem: row.uuid(2)?,
                at: row.time(3)?,
                value: row.number(4)?,
                writer: batch.writer(writer),
            };
            batch.conversions.push(conversion);
        }
        Ok(())
    }

    fn alias<F: From<StoreError>>(&mut self, row: &Row<'_, F>) -> Result<(), F> {
        self.batch.aliases.push(AliasRow {
            visitor: row.unit(0)?,
            user: row.unit(1)?,
            first_at: row.time(2)?,
        });
        Ok(())
    }

    fn sum<F: From<StoreError>>(&mut self, row: &Row<'_, F>) -> Result<(), F> {
        let Self { names, batch } = self;
        let track = names.tracks.get(row.id(0)?)?;
        if let Some((track, writer)) = track.zip(names.writers.get(row.id(2)?)?) {
            let sum = SumRow {
                track: batch.track(track),
                bucket: row.bucket(1)?,
                writer: batch.writer(writer),
                sums: row.request_sums(3)?,
            };
            batch.sums.push(sum);
        }
        Ok(())
    }

    fn latency<F: From<StoreError>>(&mut self, row: &Row<'_, F>) -> Result<(), F> {
        let Self { names, batch } = self;
        let track = names.tracks.get(row.id(0)?)?;
        let place = row.place_of_latency(1)?;
        if let Some(((track, writer), (group, bin))) =
            track.zip(names.writers.get(row.id(3)?)?).zip(place)
        {
            let (track, writer) = (batch.track(track), batch.writer(writer));
            let requests = row.count(4)?;
            let latency = LatencyRow::new(track, group, bin, writer, requests);
            batch.latencies.push(latency);
        }
        Ok(())
    }

    fn loss<F: From<StoreError>>(&mut self, row: &Row<'_, F>) -> Result<(), F> {
        let Self { names, batch } = self;
        let track = names.tracks.optional(row.optional_id(1)?)?;
        let goal = names.goals.optional(row.optional_id(2)?)?;
        let of = track.zip(goal).zip(names.writers.get(row.id(0)?)?);
        let texts = row.text(3)?.zip(row.text(4)?);
        if let Some((((track, goal), writer), (sink, reason))) = of.zip(texts) {
            let loss = LossRow {
                writer: batch.writer(writer),
                track: track.map(|track| batch.track(track)),
                goal: goal.map(|goal| batch.goal(goal)),
                sink,
                reason,
                n: row.count(5)?,
            };
            batch.losses.push(loss);
        }
        Ok(())
    }

    fn raw_unit<F: From<StoreError>>(&mut self, row: &Row<'_, F>) -> Result<(), F> {
        if let Some(kind) = row.text(1)? {
            self.batch.raw_units.push(RawUnitRow {
                unit: row.unit(0)?,
                kind,
                key: row.blob(2)?,
            });
        }
        Ok(())
    }

    fn aside<F: From<StoreError>>(&mut self, row: &Row<'_, F>) -> Result<(), F> {
        if let Some((reason, payload)) = row.text(1)?.zip(row.json(2)?) {
            self.batch.aside.push(AsideRow {
                at: row.time(0)?,
                reason,
                payload,
            });
        }
        Ok(())
    }
}
