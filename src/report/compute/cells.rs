use std::collections::BTreeMap;

use crate::{
    assign::{MetricKind, Sum},
    record::{Cell, CellKey, StoreError},
    stats::{self, Counted, Mean, NoAnswer, Rate, Ratio, RatioSums},
};

use super::MICROS;

/// The cells of a goal in one track: all of them, and by the coin.
#[derive(Default)]
pub(super) struct Track {
    pub(super) all: Cell,
    halves: [Cell; 2],
    /// Whether some have no coin.
    is_coinless: bool,
}

impl Track {
    /// Sums the cells of a track.
    pub(super) fn of(cells: &BTreeMap<CellKey, Cell>, track: &str) -> Result<Self, StoreError> {
        let mut sums = Self::default();
        for (key, cell) in cells.iter().filter(|(key, _)| *key.track == *track) {
            sums.all.add(cell)?;
            match key.coin {
                Some(coin) => sums.halves[usize::from(coin)].add(cell)?,
                None => sums.is_coinless = true,
            }
        }
        Ok(sums)
    }

    /// Returns them as statistics count them.
    pub(super) fn counted(&self, kind: &MetricKind) -> stats::Cell {
        let converters = match kind {
            MetricKind::Rate => None,
            _ => Some(self.all.converters),
        };
        let largest = Some(self.all.largest as f64 / parts(kind)).filter(|_| self.all.units > 0);
        stats::Cell {
            counted: counted(&self.all, kind),
            halves: (!self.is_coinless).then(|| self.halves.map(|half| counted(&half, kind))),
            converters,
            unfinished: self.all.unfinished,
            largest,
        }
    }
}

/// Returns how many integers of a goal's sum make one of its unit.
pub(super) fn parts(kind: &MetricKind) -> f64 {
    match kind {
        MetricKind::Rate | MetricKind::Count => 1.0,
        MetricKind::Value => MICROS,
        MetricKind::Ratio { numerator, .. } => parts_of(*numerator),
    }
}

/// Returns the same of a ratio's denominator.
pub(super) fn parts_of(sum: Sum) -> f64 {
    match sum {
        Sum::Count => 1.0,
        Sum::Value => MICROS,
    }
}

pub(super) fn counted(cell: &Cell, kind: &MetricKind) -> Counted {
    match kind {
        MetricKind::Rate => Counted::Rate(Rate {
            units: cell.units,
            converters: cell.converters,
        }),
        MetricKind::Count | MetricKind::Value => Counted::Mean(mean(cell, parts(kind))),
        MetricKind::Ratio {
            numerator,
            denominator,
            ..
        } => Counted::Ratio(ratio(cell, parts_of(*numerator), parts_of(*denominator))),
    }
}

/// Returns the mean; of sums that contradict each other one that no comparison takes.
fn mean(cell: &Cell, parts: f64) -> Mean {
    match Mean::from_integers(cell.units, cell.sum, cell.sum_sq, parts) {
        Ok(mean) => mean,
        Err(NoAnswer::NoUnits) => Mean::default(),
        Err(_) => Mean {
            units: cell.units,
            mean: f64::NAN,
            variance: f64::NAN,
            ..Mean::default()
        },
    }
}

fn ratio(cell: &Cell, numerator_parts: f64, denominator_parts: f64) -> Ratio {
    let sums = RatioSums {
        rows: cell.units,
        numerator: cell.sum,
        numerator_squares: cell.sum_sq,
        denominator: cell.denominator,
        denominator_squares: cell.denominator_sq,
        products: cell.cross,
    };
    sums.ratio(numerator_parts, denominator_parts)
        .unwrap_or_else(|why| no_ratio(cell.units, why))
}

/// Returns a ratio that no comparison takes.
pub(super) fn no_ratio(units: u64, why: NoAnswer) -> Ratio {
    match why {
        NoAnswer::NoUnits => Ratio::default(),
        _ => Ratio {
            units,
            rows: units,
            numerator: f64::NAN,
            ..Ratio::default()
        },
    }
}
