use super::{
    legendre::{Legendre, POINTS},
    panels::panels,
};
use crate::stats::{NoAnswer, Rate, distribution::Beta};

/// Densities of this share of their scale count as 0.
const NOTHING: f64 = 1e-60;

/// How probable it is that a track is best, if every rate was as probable before.
///
/// It is a second reading, and no rule for stopping: who stops at 95 %, looking daily for two
/// weeks, is wrong in 38 % of the tests without an effect.
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

/// A density and its integral at the points of a panel.
struct Panel {
    density: [f64; POINTS],
    below: [f64; POINTS],
}

impl Panel {
    /// `below` is the integral at the beginning, and then at the end.
    fn new(density: &Beta, from: f64, to: f64, below: &mut f64) -> Self {
        if is_nothing(density, from, to) {
            return Self {
                density: [0.0; POINTS],
                below: [*below; POINTS],
            };
        }
        let rule = Legendre::get();
        let half = 0.5 * (to - from);
        let values = rule.nodes.map(|node| {
            // From the nearer end of the two to 0 and 1, so that neither is rounded off.
            let x = from + half * (1.0 + node);
            density.density(x, (1.0 - to) + half * (1.0 - node))
        });
        let sum = |weights: &[f64; POINTS]| -> f64 {
            half * weights.iter().zip(&values).map(|(w, y)| w * y).sum::<f64>()
        };
        let before = *below;
        *below = (before + sum(&rule.weights)).min(1.0);
        let integral = |row: &[f64; POINTS]| (before + sum(row)).clamp(0.0, 1.0);
        Self {
            density: values,
            below: std::array::from_fn(|point| integral(&rule.cumulative[point])),
        }
    }
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
