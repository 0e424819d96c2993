//! The probability of each track to be best, by one quadrature for any number of tracks.

use super::panel::{Panel, panels};
use crate::stats::{NoAnswer, Rate, distribution::Beta, legendre::Legendre};

/// The probability that a track is best, if all rates were equally probable before the test.
///
/// It is additional information, not a rule for stopping: if you look daily for two weeks and stop at 95%,
/// you are wrong in 38% of the tests without an effect.
#[derive(Debug, Clone, Copy, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Chance {
    /// The probability that its rate is the highest of all.
    pub best: f64,
    /// The probability that its rate is higher than control's; `None` for control.
    pub beats_control: Option<f64>,
    /// The expected difference between the highest rate and the rate of this track, if this track is chosen.
    pub expected_loss: f64,
}

/// Returns the chances of any number of tracks. The first track is control.
///
/// The rates are `Beta(1 + x, 1 + n − x)`. With densities `f` and their integrals `F`:
///
/// ```text
/// best = ∫ f_i Π F_j,   loss = ∫ F_i (1 − Π F_j),   j ≠ i
/// ```
///
/// It is computed by Gauss-Legendre quadrature, in which `F` is the cumulative integral of `f`. The densities
/// are computed from deviances (Loader 2000), which stay exact for a billion units.
///
/// ```
/// use tower_tracks::stats::{Rate, chances};
///
/// let rate = |converters| Rate { units: 1000, converters };
/// let found = chances(&[rate(100), rate(120)])?;
/// assert_eq!(found[1].beats_control.map(|p| (p * 1e4).round()), Some(9232.0));
/// assert_eq!(found.iter().map(|track| (track.best * 1e4).round()).sum::<f64>(), 1e4);
/// // To choose control would cost two percentage points, on average.
/// assert_eq!((found[0].expected_loss * 1e4).round(), 204.0);
/// # Ok::<(), tower_tracks::stats::NoAnswer>(())
/// ```
///
/// # Errors
///
/// If there are no tracks, more converters than units, or more than 1e12 units.
pub fn chances(tracks: &[Rate]) -> Result<Vec<Chance>, NoAnswer> {
    let densities = tracks
        .iter()
        .map(posterior)
        .collect::<Result<Vec<_>, _>>()?;
    if densities.is_empty() {
        return Err(NoAnswer::NoUnits);
    }
    let mut integrals = Integrals {
        densities: &densities,
        tracks: vec![Integral::default(); densities.len()],
    };
    for (from, to) in panels(&densities) {
        integrals.add(from, to);
    }
    Ok(integrals.chances())
}

/// The distribution of a rate after its units, if all rates were as probable before.
fn posterior(rate: &Rate) -> Result<Beta, NoAnswer> {
    if rate.converters > rate.units {
        return Err(NoAnswer::Impossible);
    }
    let shape = |count: u64| 1.0 + count as f64;
    Beta::new(shape(rate.converters), shape(rate.others())).ok_or(NoAnswer::OutOfRange)
}

/// The integrals of each track, up to a point. They begin at 0, below which no rate is.
struct Integrals<'a> {
    densities: &'a [Beta],
    tracks: Vec<Integral>,
}

/// The integrals of one track.
#[derive(Clone, Default)]
struct Integral {
    /// The probability of its rate below the point.
    below: f64,
    best: f64,
    beats_control: f64,
    loss: f64,
}

impl Integrals<'_> {
    /// Adds a panel, from the point up to which the integrals are to its end.
    fn add(&mut self, from: f64, to: f64) {
        let panel: Vec<Panel> = self
            .densities
            .iter()
            .zip(&mut self.tracks)
            .map(|(density, track)| Panel::new(density, from, to, &mut track.below))
            .collect();
        let half = 0.5 * (to - from);
        for (point, weight) in Legendre::get().weights.iter().enumerate() {
            self.add_point(&panel, point, weight * half);
        }
    }

    /// Adds what one point of the quadrature contributes to the integrals of every track.
    fn add_point(&mut self, panel: &[Panel], point: usize, weight: f64) {
        for (i, (own, track)) in panel.iter().zip(&mut self.tracks).enumerate() {
            let others = panel.iter().enumerate().filter(|(j, _)| *j != i);
            let all_below: f64 = others.map(|(_, other)| other.below[point]).product();
            let density = own.density[point] * weight;
            track.best += density * all_below;
            // Control is the first.
            track.beats_control += density * panel[0].below[point];
            track.loss += own.below[point] * (1.0 - all_below) * weight;
        }
    }

    /// The integrals up to 1. Rounding may leave them a bit outside of 0 and 1.
    fn chances(self) -> Vec<Chance> {
        let chance = |(i, track): (usize, Integral)| Chance {
            best: track.best.clamp(0.0, 1.0),
            beats_control: (i > 0).then(|| track.beats_control.clamp(0.0, 1.0)),
            expected_loss: track.loss.clamp(0.0, 1.0),
        };
        self.tracks.into_iter().enumerate().map(chance).collect()
    }
}
