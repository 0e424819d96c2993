//! Sums of a store, as the statistics count them.
//!
//! A store has integers: millionths, and sums of their squares in 256 bits. They are divided only
//! here, so that sums over many machines are exact.

use crate::{
    assign::{MetricKind, Sum},
    report::TrackReport,
    stats::{self, Counted, CovariateSums, Covaried, Mean, NoAnswer, Rate, Ratio, RatioSums},
    store::{Cell, Cohort, GoalCells, StoreError},
};

use super::{Lineup, MICROS, goals::Asked};

/// The sums of a goal in one track.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct TrackSums {
    /// The units whose windows have ended.
    pub(super) closed: Cell,
    /// All units.
    pub(super) all: Cell,
    /// The closed units, with the crossed ones whose first track it is.
    pub(super) with_crossed: Cell,
    /// The closed units by their coin.
    halves: [Cell; 2],
    /// Whether a unit has no coin, so that the halves are not compared.
    is_coinless: bool,
}

/// Sums the wanted cohorts of a goal, by track. Crossed units are counted in `with_crossed` alone.
pub(super) fn sums(
    asked: Asked<'_>,
    lineup: &Lineup,
    is_wanted: impl Fn(&Cohort) -> bool,
    is_crossed: impl Fn(&Cohort) -> bool,
) -> Result<Vec<TrackSums>, StoreError> {
    let of_track = |track: &TrackReport| {
        let mut sums = TrackSums::default();
        let cells = asked.cells.cells.iter();
        let of_track = cells.filter(|(cohort, _)| *cohort.track == *track.name);
        for (cohort, cells) in of_track.filter(|(cohort, _)| is_wanted(cohort)) {
            sums.with_crossed.add(&cells.closed)?;
            if !is_crossed(cohort) {
                sums.add_single(cohort.coin, cells)?;
            }
        }
        Ok(sums)
    };
    lineup.tracks.iter().map(of_track).collect()
}

impl TrackSums {
    /// Adds units that were exposed to this track alone.
    fn add_single(&mut self, coin: Option<bool>, cells: &GoalCells) -> Result<(), StoreError> {
        self.closed.add(&cells.closed)?;
        self.all.add(&cells.all()?)?;
        match coin {
            Some(coin) => self.halves[usize::from(coin)].add(&cells.closed)?,
            None => self.is_coinless = true,
        }
        Ok(())
    }

    /// Returns the closed units as statistics count them.
    pub(super) fn counted(&self, kind: &MetricKind) -> stats::TrackCounts {
        stats::TrackCounts {
            halves: (!self.is_coinless).then(|| self.halves.map(|half| counted(&half, kind))),
            ..cell(&self.closed, kind)
        }
    }
}

/// Returns sums as the statistics count them, with the largest unit's share of the total: a mean
/// that one unit dominates is judged with care.
pub(super) fn cell(sums: &Cell, kind: &MetricKind) -> stats::TrackCounts {
    // If all values are 0, this is 0 divided by 0, and no unit holds a share.
    let share = sums.largest as f64 / sums.sum_abs as f64;
    stats::TrackCounts {
        // Of a rate, the statistics read the converters of the rate itself.
        converters: Some(sums.converters),
        largest_share: Some(share).filter(|share| share.is_finite()),
        ..counted(sums, kind).into()
    }
}

/// Returns how many integers of a goal's sum make one of its unit: a million for values.
pub(in crate::report) fn parts(kind: &MetricKind) -> f64 {
    match kind {
        MetricKind::Rate | MetricKind::Count => 1.0,
        MetricKind::Value => MICROS,
        MetricKind::Ratio { numerator, .. } => parts_of(*numerator),
    }
}

/// Returns how many integers of a sum make one of its unit.
pub(super) fn parts_of(sum: Sum) -> f64 {
    match sum {
        Sum::Count => 1.0,
        Sum::Value => MICROS,
    }
}

/// Returns sums as a rate, a mean or a ratio.
fn counted(cell: &Cell, kind: &MetricKind) -> Counted {
    match kind {
        MetricKind::Rate => Counted::Rate(Rate {
            units: cell.units,
            converters: cell.converters,
        }),
        MetricKind::Count | MetricKind::Value => Counted::Covaried(covaried(cell, parts(kind))),
        MetricKind::Ratio {
            numerator,
            denominator,
            ..
        } => Counted::Ratio(ratio(cell, parts_of(*numerator), parts_of(*denominator))),
    }
}

/// Returns the mean beside what was before. Without a lookback, all covariates are 0, and the statistics compare the plain means.
fn covaried(cell: &Cell, parts: f64) -> Covaried {
    let sums = CovariateSums {
        units: cell.units,
        value: cell.sum.into(),
        value_squares: cell.sum_sq,
        covariate: cell.second.into(),
        covariate_squares: cell.second_sq,
        products: cell.cross,
        with_covariate: cell.with_second,
    };
    sums.covaried(parts, parts).unwrap_or_else(|_| Covaried {
        value: mean(cell, parts),
        ..Covaried::default()
    })
}

/// Returns the mean. Sums that contradict each other, as in a damaged store, become NaN, which
/// every comparison refuses.
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

/// Returns the ratio, with the sums of squares and products from which its variance follows.
fn ratio(cell: &Cell, numerator_parts: f64, denominator_parts: f64) -> Ratio {
    let sums = RatioSums {
        rows: cell.units,
        numerator: cell.sum.into(),
        numerator_squares: cell.sum_sq,
        denominator: cell.second.into(),
        denominator_squares: cell.second_sq,
        products: cell.cross,
    };
    sums.ratio(numerator_parts, denominator_parts)
        .unwrap_or_else(|why| no_ratio(cell.units, why))
}

/// Returns a ratio that every comparison refuses for the same reason.
pub(super) fn no_ratio(units: u64, why: NoAnswer) -> Ratio {
    let nothing = Ratio {
        units,
        rows: units,
        ..Ratio::default()
    };
    match why {
        NoAnswer::NoUnits => Ratio::default(),
        NoAnswer::NoDenominator => nothing,
        _ => Ratio {
            numerator: f64::NAN,
            ..nothing
        },
    }
}
