//! The density of a Brownian motion that is carried from look to look, by Gauss-Legendre quadrature.
//!
//! A panel may not be wide beside the step to the next look, or the sum misses its kernel; looks that
//! are close together need more points. Source: Armitage, McPherson & Rowe 1969.

use std::f64::consts::TAU;

use crate::stats::{
    distribution::upper,
    legendre::{Legendre, POINTS},
};

/// How many standard deviations of a Brownian motion are integrated over.
const REACH: f64 = 12.0;

/// How many of a bridge between two looks.
const BRIDGE: f64 = 8.0;

/// The width of a panel in standard deviations of the step to the next look.
const PANEL: f64 = 6.0;

/// The density of a Brownian motion that stayed inside the boundaries, at one look.
///
/// It is symmetric, so that half of it is kept.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Density {
    /// The information of the look.
    pub(super) time: f64,
    /// The nodes, in ascending order, each with the density there times its weight in the quadrature.
    masses: Vec<(f64, f64)>,
}

/// The step from a look to the next.
#[derive(Clone, Copy)]
struct Step {
    /// The standard deviation of the step.
    deviation: f64,
    /// Where a motion that ends at 1 is expected at the look before.
    pull: f64,
    /// How far from there it may be.
    band: f64,
}

impl Density {
    /// At the start, where all motions are at 0.
    pub(super) fn start() -> Self {
        Self {
            time: 0.0,
            // Half of what is at 0 is on this side.
            masses: vec![(0.0, 0.5)],
        }
    }

    /// The probability that the motion is outside `boundary` on either side at a time.
    pub(super) fn exit(&self, time: f64, boundary: f64) -> f64 {
        let step = self.step(time);
        let (near, far) = self.ends(step, boundary);
        let tail = |at: f64| upper((boundary - at) / step.deviation);
        let (above, below) = (self.masses[near..].iter(), self.masses[..far].iter());
        let above: f64 = above.map(|(node, mass)| mass * tail(*node)).sum();
        let below: f64 = below.map(|(node, mass)| mass * tail(-node)).sum();
        // Without a drift both sides are alike, and one of them is integrated.
        2.0 * (above + below)
    }

    /// The same of a motion with a drift per unit of information.
    ///
    /// Up to a look the likelihood of a drift depends on where the motion is alone (Girsanov):
    /// it is `exp(θw − θ²t/2)`.
    pub(super) fn exit_with(&self, drift: f64, time: f64, boundary: f64) -> f64 {
        let step = self.step(time);
        let gone = drift * (time - self.time);
        let one = |at: f64| {
            let likelihood = libm::exp(drift * at - drift * drift * self.time / 2.0);
            let outside = upper((boundary - at - gone) / step.deviation)
                + upper((boundary + at + gone) / step.deviation);
            likelihood * outside
        };
        let masses = self.masses.iter();
        masses
            .map(|(node, mass)| mass * (one(*node) + one(-node)))
            .sum()
    }

    /// The density at the next look, of the motions inside its boundary. `after` is the
    /// information until the look that follows it.
    pub(super) fn next(&self, time: f64, boundary: f64, after: f64) -> Self {
        // The density is as wide as the step to it, and is multiplied by a kernel as wide as the
        // step from it.
        let scale = (time - self.time).min(after).sqrt();
        // The boundary of a look that may spend nothing is infinite.
        let most = boundary.min(REACH * time.sqrt());
        let panels = (most / (PANEL * scale)).ceil().max(1.0);
        let half = most / panels / 2.0;
        let rule = Legendre::get();
        let step = self.step(time);
        let mut next = Self {
            time,
            masses: Vec::with_capacity(POINTS * panels as usize),
        };
        for panel in 0..panels as u32 {
            let middle = half * f64::from(2 * panel + 1);
            for (node, weight) in rule.nodes.iter().zip(rule.weights) {
                let at = middle + half * node;
                let mass = half * weight * self.density(step, at);
                next.masses.push((at, mass));
            }
        }
        next
    }

    /// The density of the motions that are at a point after a step.
    fn density(&self, step: Step, at: f64) -> f64 {
        let (from, mirrored) = self.ends(step, at);
        let to = self.up_to(at * step.pull + step.band);
        let kernel = |distance: f64| {
            let z = distance / step.deviation;
            libm::exp(-z * z / 2.0)
        };
        let near = self.masses.get(from..to).unwrap_or_default().iter();
        let same: f64 = near.map(|(u, mass)| mass * kernel(at - u)).sum();
        let beyond = self.masses[..mirrored].iter();
        let other: f64 = beyond.map(|(u, mass)| mass * kernel(at + u)).sum();
        (same + other) / (step.deviation * TAU.sqrt())
    }

    /// The step from this look to one at a time. Given where it ends, a motion was at this look around
    /// `pull` times that: a Brownian bridge.
    fn step(&self, time: f64) -> Step {
        let deviation = (time - self.time).sqrt();
        let pull = self.time / time;
        Step {
            deviation,
            pull,
            band: BRIDGE * deviation * pull.sqrt(),
        }
    }

    /// From which node on, and up to which on the other side, motions may get outside.
    fn ends(&self, step: Step, boundary: f64) -> (usize, usize) {
        let pulled = boundary * step.pull;
        (
            self.below(pulled - step.band),
            self.up_to(step.band - pulled),
        )
    }

    /// How many nodes are at or below a point.
    fn up_to(&self, point: f64) -> usize {
        self.masses.partition_point(|(node, _)| *node <= point)
    }

    /// How many nodes are below a point.
    fn below(&self, point: f64) -> usize {
        self.masses.partition_point(|(node, _)| *node < point)
    }
}
