use super::{panel::Panel, panels::panels};
use crate::stats::{NoAnswer, Rate, distribution::Beta, legendre::Legendre};

/// How probable it is that a track is best, if every rate was as probable before.
///
/// It is a second reading, and no rule for stopping: who stops at 95%, looking daily for two
/// weeks, is wrong in 38% of the tests without an effect.
#[derive(Debug, Clone, Copy, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Chance {
    /// The probability that its rate is the highest of all.
    pub best: f64,
    /// The probability that its rate is higher than control's; `None` for control.
    pub beats_control: Option<f64>,
    /// By how much the highest rate is expected to be above its rate, if it is chosen.
    pub expected_loss: f64,
}

/// Returns the chances of tracks of which control is the first; any number of them.
///
/// The rates are `Beta(1 + x, 1 + n − x)`. With densities `f` and their integrals `F`:
///
/// ```text
/// best = ∫ f_i Π F_j,   loss = ∫ F_i (1 − Π F_j),   j ≠ i
/// ```
///
/// by Gauss-Legendre quadrature, in which `F` comes from `f` by integrating cumulatively. The
/// densities are in the form of deviances (Loader 2000), which a billion units do not harm.
///
/// # Errors
///
/// Without tracks, when more converted than there are, and beyond 1e12 units.
pub fn chances(tracks: &[Rate]) -> Result<Vec<Chance>, NoAnswer> {
    let densities = tracks
        .iter()
        .map(posterior)
        .collect::<Result<Vec<_>, _>>()?;
    if densities.is_empty() {
        return Err(NoAnswer::NoUnits);
    }
    let mut integrals = Integrals::new(&densities);
    for ends in panels(&densities).windows(2) {
        if let [from, to] = ends {
            integrals.add(*from, *to);
        }
    }
    Ok(integrals.chances())
}

fn posterior(rate: &Rate) -> Result<Beta, NoAnswer> {
    if rate.converters > rate.units {
        return Err(NoAnswer::Impossible);
    }
    let shape = |count: u64| 1.0 + count as f64;
    Beta::new(shape(rate.converters), shape(rate.others())).ok_or(NoAnswer::OutOfRange)
}

/// The integrals up to a point.
struct Integrals<'a> {
    densities: &'a [Beta],
    /// The probability of each rate below the point.
    below: Vec<f64>,
    best: Vec<f64>,
    beats_control: Vec<f64>,
    loss: Vec<f64>,
}

impl<'a> Integrals<'a> {
    fn new(densities: &'a [Beta]) -> Self {
        let zeros = || vec![0.0; densities.len()];
        Self {
            densities,
            below: zeros(),
            best: zeros(),
            beats_control: zeros(),
            loss: zeros(),
        }
    }

    fn add(&mut self, from: f64, to: f64) {
        let panel: Vec<Panel> = self
            .densities
            .iter()
            .zip(&mut self.below)
            .map(|(density, below)| Panel::new(density, from, to, below))
            .collect();
        let half = 0.5 * (to - from);
        for (point, weight) in Legendre::get().weights.iter().enumerate() {
            self.add_point(&panel, point, weight * half);
        }
    }

    fn add_point(&mut self, panel: &[Panel], point: usize, weight: f64) {
        for (i, own) in panel.iter().enumerate() {
            let others = panel.iter().enumerate().filter(|(j, _)| *j != i);
            let all_below: f64 = others.map(|(_, other)| other.below[point]).product();
            let density = own.density[point] * weight;
            self.best[i] += density * all_below;
            self.beats_control[i] += density * panel[0].below[point];
            self.loss[i] += own.below[point] * (1.0 - all_below) * weight;
        }
    }

    fn chances(self) -> Vec<Chance> {
        let chance = |i: usize| Chance {
            best: self.best[i].clamp(0.0, 1.0),
            beats_control: (i > 0).then(|| self.beats_control[i].clamp(0.0, 1.0)),
            expected_loss: self.loss[i].clamp(0.0, 1.0),
        };
        (0..self.densities.len()).map(chance).collect()
    }
}
