//! Student's t distribution, for degrees of freedom from 1 to infinity.
//!
//! A sum over log-gammas loses its digits where the degrees of freedom are many, as of a Welch test
//! of a large set; so gammas come as what Stirling's formula leaves over.

use std::f64::consts::PI;

use super::{
    incomplete_beta::{fraction, is_fast},
    normal,
    quantile::positive_quantile,
    stirling::stirling,
};

/// Up to here the tail is an incomplete beta function, above it Hill's expansion.
const LARGE: f64 = 1e5;

/// The square of a normal deviate whose tail no double can hold.
const NOTHING: f64 = 2000.0;

/// Student's t distribution.
///
/// It is used for a mean whose standard error is estimated from the same units. Its tails are heavier than
/// those of [`Normal`](crate::stats::Normal). With some hundred degrees of freedom, the two are nearly equal.
///
/// ```
/// use tower_tracks::stats::StudentT;
///
/// let quantile = |freedom| StudentT::new(freedom).and_then(|t| t.inverse_sf(0.025));
/// assert_eq!(quantile(9.0).map(|t| (t * 1e4).round()), Some(22_622.0));
/// assert_eq!(quantile(f64::INFINITY).map(|t| (t * 1e4).round()), Some(19_600.0));
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct StudentT {
    freedom: f64,
}

impl StudentT {
    /// Returns the distribution with this number of degrees of freedom, which need not be an integer; `None`
    /// below 1. With infinitely many, it is the normal distribution.
    ///
    /// ```
    /// use tower_tracks::stats::StudentT;
    ///
    /// // Welch and Satterthwaite yield fractions.
    /// assert!(StudentT::new(29.5).is_some());
    /// assert_eq!(StudentT::new(0.5), None);
    /// assert_eq!(StudentT::new(f64::NAN), None);
    /// ```
    pub fn new(degrees_of_freedom: f64) -> Option<Self> {
        (degrees_of_freedom >= 1.0).then_some(Self {
            freedom: degrees_of_freedom,
        })
    }

    /// Returns the lower tail, the probability of at most `t`; `None` when `t` is not a number.
    ///
    /// ```
    /// use tower_tracks::stats::StudentT;
    ///
    /// let p = StudentT::new(2.0).and_then(|t| t.cdf(-9.0));
    /// assert_eq!(p.map(|p| (p * 1e4).round()), Some(61.0));
    /// ```
    pub fn cdf(self, t: f64) -> Option<f64> {
        self.sf(-t)
    }

    /// Returns the upper tail, the probability of more than `t`; `None` when `t` is not a number.
    ///
    /// Up to 100,000 degrees of freedom, it is half of `I_x(ν/2, ½)` at `x = ν / (ν + t²)`, computed by its
    /// continued fraction. Above, it is computed by algorithm 395 (Hill 1970).
    ///
    /// ```
    /// use tower_tracks::stats::{Normal, StudentT};
    ///
    /// let tail = StudentT::new(9.0).and_then(|t| t.sf(1.96));
    /// assert_eq!(tail.map(|p| (p * 1e4).round()), Some(408.0));
    /// // A z of that size is rarer.
    /// assert_eq!(Normal.sf(1.96).map(|p| (p * 1e4).round()), Some(250.0));
    /// ```
    pub fn sf(self, t: f64) -> Option<f64> {
        (!t.is_nan()).then(|| {
            let tail = self.tail(t.abs());
            if t > 0.0 { tail } else { 1.0 - tail }
        })
    }

    /// Returns the point whose lower tail is `p`; `None` unless `p` is between 0 and 1.
    ///
    /// ```
    /// use tower_tracks::stats::StudentT;
    ///
    /// let t = StudentT::new(1.0).and_then(|t| t.inverse_cdf(0.975));
    /// assert_eq!(t.map(|t| (t * 1e3).round()), Some(12_706.0));
    /// ```
    pub fn inverse_cdf(self, p: f64) -> Option<f64> {
        self.inverse_sf(p).map(|t| -t)
    }

    /// Returns the point whose upper tail is `p`; `None` unless `p` is between 0 and 1, and if the point is
    /// larger than any double.
    ///
    /// The point for half of alpha is the multiplier of a two-sided test of means with one look.
    ///
    /// ```
    /// use tower_tracks::stats::StudentT;
    ///
    /// let t = StudentT::new(29.5).and_then(|t| t.inverse_sf(0.025));
    /// assert_eq!(t.map(|t| (t * 1e4).round()), Some(20_437.0));
    /// ```
    pub fn inverse_sf(self, p: f64) -> Option<f64> {
        if !(p > 0.0 && p < 1.0) {
            return None;
        }
        // The search is by logarithms, by which it would never come to 0.
        if p == 0.5 {
            return Some(0.0);
        }
        let tail = if p < 0.5 { p } else { 1.0 - p };
        let tails = |t| {
            let upper = self.tail(t);
            (1.0 - upper, upper)
        };
        let (start, step) = self.start(tail);
        let distance = positive_quantile(tails, tail, start, step)?;
        Some(distance.copysign(0.5 - p))
    }

    /// Where the search for a quantile begins, and about how far off that is, as a share.
    ///
    /// The expansion of Cornish & Fisher. Source: Abramowitz & Stegun 26.7.5.
    fn start(self, tail: f64) -> (f64, f64) {
        let z = normal::upper_quantile(tail).max(1e-300);
        let square = z * z;
        let first = (square + 1.0) / (4.0 * self.freedom);
        let second = ((5.0 * square + 16.0) * square + 3.0) / (96.0 * self.freedom * self.freedom);
        (z * (1.0 + first + second), second.clamp(1e-12, 0.1))
    }

    /// The tail beyond a `t` of at least 0.
    fn tail(self, t: f64) -> f64 {
        if self.freedom > LARGE {
            normal::upper(self.as_normal(t))
        } else {
            self.by_fraction(t)
        }
    }

    /// The normal deviate of the same tail: the expansion of Hill 1970, algorithm 395.
    fn as_normal(self, t: f64) -> f64 {
        let scaled = t / self.freedom.sqrt();
        let b = self.freedom - 0.5;
        let a = 48.0 * b * b;
        let y = b * libm::log1p(scaled * scaled);
        // Infinitely many degrees of freedom make a product of infinity and 0. The distribution is
        // the normal one.
        if y.is_nan() {
            return t;
        }
        if y > NOTHING {
            return f64::INFINITY;
        }
        let far = ((-0.4 * y - 3.3) * y - 24.0) * y - 85.5;
        let correction = (far / (0.8 * y * y + 100.0 + a) + y + 3.0) / a + 1.0;
        correction * y.sqrt()
    }

    /// The tail as half of an incomplete beta function, `½ I_x(ν/2, ½)` with `x = ν / (ν + t²)`; near 0
    /// as what the other one leaves to a half.
    fn by_fraction(self, t: f64) -> f64 {
        let a = 0.5 * self.freedom;
        let scaled = t / self.freedom.sqrt();
        let square = scaled * scaled;
        let (x, y) = (1.0 / (1.0 + square), 1.0 / (1.0 + 1.0 / square));
        if is_fast(x, a, 0.5) {
            0.5 * self.prefactor(scaled, y) / a * fraction(x, a, 0.5)
        } else if y > 0.0 {
            0.5 - self.prefactor(scaled, y) * fraction(y, 0.5, a)
        } else {
            0.5
        }
    }

    /// `x^a y^½ / B(a, ½)`, without a difference of large logarithms.
    fn prefactor(self, scaled: f64, y: f64) -> f64 {
        let a = 0.5 * self.freedom;
        // Beyond it 1 + s² is s² in a double, and the square of a larger s overflows.
        let ln_x = if scaled < 1e8 {
            -libm::log1p(scaled * scaled)
        } else {
            -2.0 * libm::log(scaled)
        };
        let gammas =
            a * libm::log1p(0.5 / a) + 0.5 * libm::log(a) - 0.5 + stirling(a + 0.5) - stirling(a);
        libm::exp(a * ln_x + gammas) * (y / PI).sqrt()
    }
}
