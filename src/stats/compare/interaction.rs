//! Whether the effect of one set depends on the track of another.

use super::{
    Spread,
    errors::{Sample, satterthwaite, squared_error},
};
use crate::stats::{Estimate, Interval, Mean, NoAnswer, Test};

/// The amount by which the effect of one set depends on the track of another set.
#[derive(Debug, Clone, Copy, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Interaction {
    /// The effect in the track of the other set minus the effect in its control, in the goal's unit.
    pub contrast: Estimate,
    /// The spread from which the standard error is computed.
    pub spread: Spread,
    /// The standard error of the contrast.
    pub standard_error: f64,
    /// How many standard errors the contrast is from 0.
    pub z: f64,
    /// The degrees of freedom, if the test uses a t distribution.
    pub degrees_of_freedom: Option<f64>,
    /// How far z must be from 0 to be significant.
    pub multiplier: f64,
    /// The probability of a z at least this large if there is no interaction.
    pub p: f64,
    /// The alpha that p is compared with.
    pub alpha: f64,
    /// The number of units in the four cells.
    pub units: u64,
}

/// Compares the effect of a track of one set in two tracks of another set, over the units that are
/// in both sets.
///
/// `cells[a][b]` has the units in track `a` of the first set and track `b` of the second set; 0 is control.
/// The contrast is `(m₁₁ − m₁₀) − (m₀₁ − m₀₀)`. Its standard error is the larger of that from the spread of
/// each cell and the pooled one, as in [`compare_means`](crate::stats::compare_means). Pass rates as means of
/// 0 and 1. Adjust the p-values of several contrasts with
/// [`benjamini_hochberg`](crate::stats::benjamini_hochberg).
///
/// ```
/// use tower_tracks::stats::{Mean, Test, interaction};
///
/// let cell = |mean| Mean { units: 500, mean, variance: 10.0, ..Mean::default() };
/// // Each track adds something, and both together add it all.
/// let cells = [[cell(10.0), cell(10.4)], [cell(10.5), cell(10.9)]];
/// let found = interaction(&cells, &Test::fixed(0.05)?)?;
/// assert!(found.contrast.value.abs() < 1e-12 && found.p > 0.99);
/// # Ok::<(), tower_tracks::stats::NoAnswer>(())
/// ```
///
/// Source: Montgomery 2017, "Design and analysis of experiments", chapter 6; Welch 1947;
/// Satterthwaite 1946.
///
/// # Errors
///
/// If a cell has fewer than two units, or no cell has any spread.
pub fn interaction(cells: &[[Mean; 2]; 2], test: &Test) -> Result<Interaction, NoAnswer> {
    let all = [cells[0][0], cells[0][1], cells[1][0], cells[1][1]];
    let samples = samples(&all)?;
    let (squared_error, spread) = squared_error(&samples);
    let (contrast, standard_error) = (contrast(&all), squared_error.sqrt());
    let units = samples.iter().map(|cell| cell.rows).sum();
    let (z, freedom) = (contrast / standard_error, satterthwaite(&samples));
    let judged = test.judge(z, units, Some(freedom));
    let (multiplier, p) = judged.ok_or(NoAnswer::OutOfRange)?;
    let interval = Interval::around(contrast, multiplier * standard_error);
    let interval = interval.settled(0.0, p <= test.alpha());
    let numbers = [contrast, interval.lower, interval.upper, z, p];
    if numbers.iter().any(|number| !number.is_finite()) {
        return Err(NoAnswer::OutOfRange);
    }
    Ok(Interaction {
        contrast: Estimate {
            value: contrast,
            interval,
        },
        spread,
        standard_error,
        z,
        degrees_of_freedom: Some(freedom).filter(|_| !test.is_always_valid()),
        multiplier,
        p,
        alpha: test.alpha(),
        units,
    })
}

/// The spreads of the cells, if each has one and not all are constant.
fn samples(cells: &[Mean; 4]) -> Result<[Sample; 4], NoAnswer> {
    for cell in cells {
        if cell.sound()?.units < 2 {
            return Err(NoAnswer::OneUnit);
        }
    }
    if cells.iter().all(|cell| cell.variance == 0.0) {
        return Err(NoAnswer::NoSpread);
    }
    Ok(cells.map(Sample::from))
}

/// `(m₁₁ − m₁₀) − (m₀₁ − m₀₀)`, of exact means.
fn contrast([control, second, first, both]: &[Mean; 4]) -> f64 {
    let apart = |one: &Mean, other: &Mean| (one.mean - other.mean) + (one.rest - other.rest);
    apart(both, first) - apart(second, control)
}
