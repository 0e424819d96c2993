//! The erasures that concern a batch. A writer looks for them before it writes, and again afterwards: another
//! program may have erased a unit in between, and have deleted its facts before these came.

use std::collections::{BTreeSet, HashMap};

use crate::{
    store::{error::StoreError, facts::Batch, sql::Columns, timestamp::Timestamp},
    unit::Unit,
};

use super::{
    failure::missing,
    literal,
    migrate::{identity, identity_of},
    place::Place,
};

/// The most units of one statement.
const UNITS: usize = 100_000;

/// Erased units, with the times up to which their facts are gone.
#[derive(Debug, Default)]
pub(super) struct Tombstones(pub(super) HashMap<Unit, Timestamp>);

/// What changes with each erasure: the number of rows, and a hash of all. A merge changes it, too.
pub(super) type Token = (u64, u64);

/// The state of a store at the beginning or the end of a write.
pub(super) struct Moment {
    pub(super) identity: String,
    pub(super) token: Token,
}

impl Moment {
    /// Reads the id of the store and the token of its erasures.
    pub(super) fn of(place: &Place) -> Result<Self, StoreError> {
        let select = format!(
            "{}, count(), groupBitXor(cityHash64(unit, at)) FROM @erased",
            identity_of(place)
        );
        let rows = place.rows("suu", &select)?;
        let row = rows.first().ok_or_else(missing)?;
        let known = row.utf8(0)?.filter(|identity| !identity.is_empty());
        Ok(Self {
            identity: match known {
                Some(identity) => identity.to_owned(),
                // The table was emptied.
                None => identity(place)?,
            },
            token: (row.count(1)?, row.count(2)?),
        })
    }
}

impl Tombstones {
    /// Reads the erasures of all units that a batch names.
    pub(super) fn of(batch: &Batch, place: &Place) -> Result<Self, StoreError> {
        Self::of_units(&units(batch), place)
    }

    pub(super) fn of_units(units: &[Unit], place: &Place) -> Result<Self, StoreError> {
        let mut found = HashMap::new();
        for units in units.chunks(UNITS) {
            // As one text: a list of many literals takes longer to parse.
            let select = format!(
                "unit, max(at) AS until FROM @erased WHERE unit IN (\
                 SELECT toFixedString(substring(text, place * 16 + 1, 16), 16) FROM (\
                 SELECT unhex('{}') AS text, arrayJoin(range({})) AS place)) GROUP BY unit",
                literal::joined(units),
                units.len()
            );
            for row in place.rows("xi", &select)? {
                found.insert(row.unit(0)?, row.time(1)?);
            }
        }
        Ok(Self(found))
    }

    /// Reads all erasures.
    pub(super) fn all(place: &Place) -> Result<Self, StoreError> {
        let rows = place.scanned("xi", "unit, max(at) AS until FROM @erased GROUP BY unit")?;
        let found = rows.iter().map(|row| Ok((row.unit(0)?, row.time(1)?)));
        found.collect::<Result<_, StoreError>>().map(Self)
    }

    /// Returns the erasures of those units of which a batch has a later fact.
    pub(super) fn outlived(&self, batch: &Batch) -> Self {
        let exposures = batch.exposures.iter().map(|row| (row.unit, row.first_at));
        let conversions = batch.conversions.iter().map(|row| (row.unit, row.at));
        let aliases = batch.aliases.iter();
        let aliases =
            aliases.flat_map(|row| [row.visitor, row.user].map(|unit| (unit, row.first_at)));
        let facts = exposures.chain(conversions).chain(aliases);
        let outlived = facts.filter_map(|(unit, at)| {
            let until = *self.0.get(&unit)?;
            (at > until).then_some((unit, until))
        });
        Self(outlived.collect())
    }

    /// Returns the erasures that cover facts in the tables: what a writer left that failed or was killed.
    pub(super) fn of_left(place: &Place) -> Result<Self, StoreError> {
        let select = "unit, max(until) AS last FROM (\
             SELECT unit, first.1 AS at FROM @exposure UNION ALL SELECT unit, first.1 AS at FROM @conversion \
             UNION ALL SELECT arrayJoin([user, visitor]) AS unit, first_at AS at FROM @alias) AS facts \
             INNER JOIN (SELECT unit AS gone_unit, max(at) AS until FROM @erased GROUP BY unit) AS gone \
             ON unit = gone_unit WHERE at <= until GROUP BY unit";
        let rows = place.scanned("xi", select)?;
        let left = rows.iter().map(|row| Ok((row.unit(0)?, row.time(1)?)));
        left.collect::<Result<_, StoreError>>().map(Self)
    }

    pub(super) fn has(&self, unit: Unit) -> bool {
        self.0.contains_key(&unit)
    }

    /// Whether a fact of a unit at a time is gone.
    pub(super) fn cover(&self, unit: Unit, at: Timestamp) -> bool {
        self.0.get(&unit).is_some_and(|until| at <= *until)
    }
}

/// Returns all units that a batch names, each once.
fn units(batch: &Batch) -> Vec<Unit> {
    let exposures = batch.exposures.iter().map(|row| row.unit);
    let conversions = batch.conversions.iter().map(|row| row.unit);
    let aliases = batch.aliases.iter().flat_map(|row| [row.visitor, row.user]);
    let keys = batch.raw_units.iter().map(|row| row.unit);
    let aside = batch.aside.iter().flat_map(|row| row.mentions());
    let units = exposures
        .chain(conversions)
        .chain(aliases)
        .chain(keys)
        .chain(aside);
    units.collect::<BTreeSet<_>>().into_iter().collect()
}
