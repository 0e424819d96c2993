//! The estimated size, for a ceiling. The constants are approximate sizes of a row with its share of
//! the tree that it is in.

use std::sync::Arc;

use crate::{
    store::facts::{AsideRow, RawUnitRow},
    unit::Unit,
};

use super::tables::Tables;

/// What a row takes about, with its share of the tree that it is in.
const EXPOSURE: usize = 160;
const CONVERSION: usize = 100;
const ALIAS: usize = 60;
const KEY: usize = 100;
const ASIDE: usize = 80;

impl Tables {
    /// Returns whether a unit was exposed, by one look-up for each phase: its keys begin with the
    /// unit, and the empty text comes before the name of any track.
    pub(super) fn is_exposed(&self, unit: Unit) -> bool {
        let first = (unit, Arc::from(""));
        self.exposures.values().any(|rows| {
            let next = rows.range(&first..).next();
            next.is_some_and(|((found, _), _)| *found == unit)
        })
    }

    /// Returns about how many bytes the rows take whose number grows with the traffic.
    pub(super) fn bytes(&self) -> u64 {
        let exposures: usize = self.exposures.values().map(|rows| rows.len()).sum();
        let conversions: usize = self.conversions.values().map(|rows| rows.len()).sum();
        let of_key = |row: &RawUnitRow| KEY + row.key.len();
        let keys: usize = self.raw_units.values().map(of_key).sum();
        let of_event = |row: &AsideRow| ASIDE + row.reason.len() + row.payload.len();
        let aside: usize = self.aside.iter().map(of_event).sum();
        let rows = exposures * EXPOSURE + conversions * CONVERSION + self.aliases.len() * ALIAS;
        (rows + keys + aside) as u64
    }
}
