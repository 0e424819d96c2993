//! Where the panels of the quadrature end: they are narrow where a density is.

use crate::stats::distribution::Beta;

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
