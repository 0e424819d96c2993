//! The beta distribution, for shapes up to a trillion.
//!
//! Its prefactor `x^a y^b / B(a, b)` is a difference of huge logarithms; as deviances of the point from
//! the mean it keeps its digits. Source: Loader 2000.

use std::f64::consts::TAU;

use super::{
    deviance::deviance,
    incomplete_beta::{fraction, is_fast},
    quantile::positive_quantile,
    stirling::stirling,
};

/// The beta distribution.
///
/// `Beta(1 + x, 1 + n − x)` is the posterior distribution of a rate after `x` of `n` units converted, if all
/// rates were equally probable before. [`chances`](crate::stats::chances) compares several such
/// distributions.
///
/// ```
/// use tower_tracks::stats::Beta;
///
/// // Two of three units converted. Is the rate above one half?
/// let above = Beta::new(3.0, 2.0).and_then(|posterior| posterior.sf(0.5));
/// assert_eq!(above.map(|p| (p * 1e4).round()), Some(6875.0));
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Beta {
    a: f64,
    b: f64,
    /// The logarithm of what does not depend on the point.
    constant: f64,
}

impl Beta {
    /// Returns the distribution with these shapes; `None` unless both are from 0.1 to 1e12.
    ///
    /// ```
    /// use tower_tracks::stats::Beta;
    ///
    /// assert!(Beta::new(1.0, 1.0).is_some());
    /// assert_eq!(Beta::new(0.0, 1.0), None);
    /// ```
    pub fn new(a: f64, b: f64) -> Option<Self> {
        let shapes = 0.1..=1e12;
        (shapes.contains(&a) && shapes.contains(&b)).then(|| {
            let all = a + b;
            let scale = 0.5 * libm::log(a * b / (TAU * all));
            Self {
                a,
                b,
                constant: scale + stirling(all) - stirling(a) - stirling(b),
            }
        })
    }

    /// Returns the lower tail, the probability of at most `x`; `None` when `x` is not a number.
    ///
    /// It is 0 if `x` is at most 0, and 1 if `x` is at least 1.
    ///
    /// ```
    /// use tower_tracks::stats::Beta;
    ///
    /// let below = Beta::new(3.0, 2.0).and_then(|beta| beta.cdf(0.6));
    /// assert_eq!(below.map(|p| (p * 1e4).round()), Some(4752.0));
    /// ```
    pub fn cdf(self, x: f64) -> Option<f64> {
        (!x.is_nan()).then(|| self.tails(x, 1.0 - x).0)
    }

    /// Returns the upper tail, the probability of more than `x`; `None` when `x` is not a number.
    ///
    /// It is computed by the continued fraction of the incomplete beta function, with a prefactor in the form
    /// of a deviance.
    ///
    /// ```
    /// use tower_tracks::stats::Beta;
    ///
    /// let above = Beta::new(3.0, 2.0).and_then(|beta| beta.sf(0.8));
    /// assert_eq!(above.map(|p| (p * 1e4).round()), Some(1808.0));
    /// ```
    ///
    /// Source: Loader 2000.
    pub fn sf(self, x: f64) -> Option<f64> {
        (!x.is_nan()).then(|| self.tails(x, 1.0 - x).1)
    }

    /// Returns the point whose lower tail is `p`; `None` unless `p` is between 0 and 1.
    ///
    /// The points for 0.025 and 0.975 are the limits of a 95% credible interval.
    ///
    /// ```
    /// use tower_tracks::stats::Beta;
    ///
    /// let point = Beta::new(3.0, 2.0).and_then(|beta| beta.inverse_cdf(0.3125));
    /// assert_eq!(point.map(|x| (x * 1e6).round()), Some(500_000.0));
    /// ```
    pub fn inverse_cdf(self, p: f64) -> Option<f64> {
        // The lower tail of x is the upper tail of 1 − x, whose shapes have changed places.
        let mirrored = Self {
            a: self.b,
            b: self.a,
            ..self
        };
        mirrored.odds_above(p).map(|odds| 1.0 / (1.0 + odds))
    }

    /// Returns the point whose upper tail is `p`; `None` unless `p` is between 0 and 1.
    ///
    /// ```
    /// use tower_tracks::stats::Beta;
    ///
    /// let point = Beta::new(3.0, 2.0).and_then(|beta| beta.inverse_sf(0.6875));
    /// assert_eq!(point.map(|x| (x * 1e6).round()), Some(500_000.0));
    /// ```
    pub fn inverse_sf(self, p: f64) -> Option<f64> {
        self.odds_above(p).map(|odds| 1.0 / (1.0 + 1.0 / odds))
    }

    /// The odds `x / (1 − x)` of the point whose upper tail is `p`.
    fn odds_above(self, p: f64) -> Option<f64> {
        if !(p > 0.0 && p < 1.0) {
            return None;
        }
        // By odds, which have all digits near both ends, while a point near 1 has few for what it
        // leaves to 1.
        let tails = |odds: f64| self.tails(odds / (1.0 + odds), 1.0 / (1.0 + odds));
        positive_quantile(tails, p, self.a / self.b, 0.1)
    }

    /// The density at a point from 0 to 1, both ends excluded; `y` is `1 − x`.
    pub(in crate::stats) fn density(&self, x: f64, y: f64) -> f64 {
        self.prefactor(x, y) / (x * y)
    }

    /// The mean, `a / (a + b)`.
    pub(in crate::stats) fn mean(&self) -> f64 {
        self.a / (self.a + self.b)
    }

    /// The standard deviation.
    pub(in crate::stats) fn deviation(&self) -> f64 {
        let all = self.a + self.b;
        (self.a * self.b / (all + 1.0)).sqrt() / all
    }

    /// The point of the highest density, where both shapes are at least 1.
    pub(in crate::stats) fn peak(&self) -> f64 {
        match self.a + self.b - 2.0 {
            // The density of shapes 1 and 1 is flat.
            0.0 => 0.5,
            all => (self.a - 1.0) / all,
        }
    }

    /// `x^a y^b / B(a, b)`.
    fn prefactor(&self, x: f64, y: f64) -> f64 {
        let all = self.a + self.b;
        let (x0, y0) = (self.a / all, self.b / all);
        // Of the smaller of the two the difference is exact.
        let away = if x < y { x - x0 } else { y0 - y };
        let of_a = self.a * deviance(x / x0, away / x0);
        let of_b = self.b * deviance(y / y0, -away / y0);
        libm::exp(self.constant - of_a - of_b)
    }

    /// The lower and the upper tail at a point `x` with `y = 1 − x`: the one whose fraction converges
    /// fast is computed, and the other is what it leaves to 1.
    fn tails(&self, x: f64, y: f64) -> (f64, f64) {
        if x <= 0.0 {
            (0.0, 1.0)
        } else if y <= 0.0 {
            (1.0, 0.0)
        } else if is_fast(x, self.a, self.b) {
            let lower = self.prefactor(x, y) / self.a * fraction(x, self.a, self.b);
            (lower, 1.0 - lower)
        } else {
            let upper = self.prefactor(x, y) / self.b * fraction(y, self.b, self.a);
            (1.0 - upper, upper)
        }
    }
}
