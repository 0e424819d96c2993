//! The panels of the quadrature, which are narrow where a density is: the density of a rate and its
//! integral, at the same points.

use crate::stats::{
    distribution::Beta,
    legendre::{Legendre, POINTS},
};

/// Densities of this share of their scale count as 0.
const NOTHING: f64 = 1e-40;

/// Returns the panels from 0 to 1 in which no density changes much.
///
/// Around a mean they are one and a half standard deviations wide, further out a third of the distance.
pub(super) fn panels(densities: &[Beta]) -> Vec<(f64, f64)> {
    let (mut panels, mut from) = (Vec::new(), 0.0);
    while from < 1.0 {
        let width = |density: &Beta| {
            let away = (from - density.mean()).abs();
            // Towards the mean the steps shrink, and none goes beyond it.
            (away / 3.0).max(1.5 * density.deviation())
        };
        let least = densities.iter().map(width).fold(1.0, f64::min);
        // Nothing is narrower than doubles near 1 can be.
        let to = (from + least.max(f64::EPSILON)).min(1.0);
        panels.push((from, to));
        from = to;
    }
    panels
}

/// A density and its integral at the points of a panel.
pub(super) struct Panel {
    pub(super) density: [f64; POINTS],
    pub(super) below: [f64; POINTS],
}

impl Panel {
    /// `below` is the integral at the beginning, and then at the end.
    pub(super) fn new(density: &Beta, from: f64, to: f64, below: &mut f64) -> Self {
        if is_nothing(density, from, to) {
            return Self {
                density: [0.0; POINTS],
                below: [*below; POINTS],
            };
        }
        let rule = Legendre::get();
        let half = 0.5 * (to - from);
        // From the nearer end of the two to 0 and 1, so that neither is rounded off.
        let at =
            |node: f64| density.density(from + half * (1.0 + node), 1.0 - to + half * (1.0 - node));
        let density = rule.nodes.map(at);
        let sum = |weights: &[f64; POINTS]| half * dot(weights, &density);
        let before = *below;
        // A sum of quadratures may exceed 1 by a rounding.
        *below = (before + sum(&rule.weights)).min(1.0);
        let integral = |row: &[f64; POINTS]| (before + sum(row)).clamp(0.0, 1.0);
        let below = rule.cumulative.each_ref().map(integral);
        Self { density, below }
    }
}

fn dot(weights: &[f64; POINTS], values: &[f64; POINTS]) -> f64 {
    weights
        .iter()
        .zip(values)
        .map(|(weight, value)| weight * value)
        .sum()
}

/// Whether there is next to nothing of a density in a panel: it has one peak alone.
fn is_nothing(density: &Beta, from: f64, to: f64) -> bool {
    let scaled = |x: f64| density.density(x, 1.0 - x) * density.deviation();
    if to < density.peak() {
        scaled(to) < NOTHING
    } else if from > density.peak() {
        scaled(from) < NOTHING
    } else {
        false
    }
}
