//! The chi-square distribution of an integer number of degrees of freedom, as sums of positive terms.

use std::f64::consts::TAU;

use super::{deviance::deviance, normal, quantile::positive_quantile, stirling::stirling};

/// The chi-square distribution: that of a sum of squared z statistics.
///
/// [`pearson`](crate::stats::pearson) and [`heterogeneity`](fn@crate::stats::heterogeneity) compute their
/// p-values as its upper tail.
///
/// ```
/// use tower_tracks::stats::ChiSquare;
///
/// let critical = ChiSquare::new(1).and_then(|chi_square| chi_square.inverse_sf(0.05));
/// assert_eq!(critical.map(|x| (x * 1e4).round()), Some(38_415.0));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct ChiSquare {
    freedom: u32,
}

impl ChiSquare {
    /// Returns the distribution with this number of degrees of freedom; `None` for 0.
    ///
    /// For a sample ratio, it is the number of tracks minus one.
    ///
    /// ```
    /// use tower_tracks::stats::ChiSquare;
    ///
    /// assert!(ChiSquare::new(1).is_some());
    /// assert_eq!(ChiSquare::new(0), None);
    /// ```
    pub fn new(degrees_of_freedom: u32) -> Option<Self> {
        (degrees_of_freedom > 0).then_some(Self {
            freedom: degrees_of_freedom,
        })
    }

    /// Returns the lower tail, the probability of at most `x`; `None` when `x` is not a number.
    ///
    /// It is 0 if `x` is at most 0.
    ///
    /// ```
    /// use tower_tracks::stats::ChiSquare;
    ///
    /// let p = ChiSquare::new(2).and_then(|chi_square| chi_square.cdf(2.0));
    /// assert_eq!(p.map(|p| (p * 1e4).round()), Some(6321.0));
    /// ```
    pub fn cdf(self, x: f64) -> Option<f64> {
        (!x.is_nan()).then(|| self.tails(x).0)
    }

    /// Returns the upper tail, the probability of more than `x`; `None` when `x` is not a number.
    ///
    /// With `h = x/2`, it is the sum of the positive terms `h^s e^−h / Γ(s + 1)` for `s` below `ν/2`, in
    /// steps of one. If `ν` is odd, `erfc √h` is added. The lower tail is the sum of the terms from `ν/2` on.
    ///
    /// ```
    /// use tower_tracks::stats::ChiSquare;
    ///
    /// let p = ChiSquare::new(1).and_then(|chi_square| chi_square.sf(6.0));
    /// assert_eq!(p.map(|p| (p * 1e4).round()), Some(143.0));
    /// ```
    ///
    /// Source: Abramowitz & Stegun 26.4.4, 26.4.5 and 6.5.29.
    pub fn sf(self, x: f64) -> Option<f64> {
        (!x.is_nan()).then(|| self.tails(x).1)
    }

    /// Returns the point whose lower tail is `p`; `None` unless `p` is between 0 and 1.
    ///
    /// ```
    /// use tower_tracks::stats::ChiSquare;
    ///
    /// let x = ChiSquare::new(3).and_then(|chi_square| chi_square.inverse_cdf(0.95));
    /// assert_eq!(x.map(|x| (x * 1e4).round()), Some(78_147.0));
    /// ```
    pub fn inverse_cdf(self, p: f64) -> Option<f64> {
        if !(p > 0.0 && p < 1.0) {
            return None;
        }
        // The function that falls is that of the reciprocal: its tails change places.
        let tails = |x: f64| {
            let (lower, upper) = self.tails(1.0 / x);
            (upper, lower)
        };
        positive_quantile(tails, p, 1.0 / self.start(1.0 - p), 0.1).map(|x| 1.0 / x)
    }

    /// Returns the point whose upper tail is `p`; `None` unless `p` is between 0 and 1.
    ///
    /// ```
    /// use tower_tracks::stats::ChiSquare;
    ///
    /// // The threshold of the sample ratio of two tracks, at 0.001.
    /// let x = ChiSquare::new(1).and_then(|chi_square| chi_square.inverse_sf(0.001));
    /// assert_eq!(x.map(|x| (x * 1e4).round()), Some(108_276.0));
    /// ```
    pub fn inverse_sf(self, p: f64) -> Option<f64> {
        if !(p > 0.0 && p < 1.0) {
            return None;
        }
        positive_quantile(|x| self.tails(x), p, self.start(p), 0.1)
    }

    /// Where the search for a quantile begins. Source: Wilson & Hilferty 1931.
    fn start(self, p: f64) -> f64 {
        let freedom = f64::from(self.freedom);
        let spread = 2.0 / (9.0 * freedom);
        let z = normal::upper_quantile(p.clamp(1e-300, 1.0 - f64::EPSILON));
        let root = 1.0 - spread + z * spread.sqrt();
        // For few degrees of freedom the approximation falls below 0, where no point is.
        freedom * root.max(1e-3).powi(3)
    }

    /// The lower and the upper tail: the smaller one as a sum, and the larger as what it leaves to 1.
    fn tails(self, x: f64) -> (f64, f64) {
        let h = 0.5 * x;
        let a = 0.5 * f64::from(self.freedom);
        if h <= 0.0 {
            (0.0, 1.0)
        } else if h == f64::INFINITY {
            (1.0, 0.0)
        } else if h < a {
            let lower = upwards(h, a);
            (lower, 1.0 - lower)
        } else {
            let upper = downwards(h, a - 1.0) + self.odd(h);
            (1.0 - upper, upper)
        }
    }

    /// What an odd number of degrees of freedom adds to the upper tail, `erfc √h`.
    fn odd(self, h: f64) -> f64 {
        if self.freedom % 2 == 1 {
            libm::erfc(h.sqrt())
        } else {
            0.0
        }
    }
}

/// `h^s e^−h / Γ(s + 1)`. Source: Loader 2000.
fn term(h: f64, s: f64) -> f64 {
    if s <= 0.0 {
        return libm::exp(-h);
    }
    let deviance = s * deviance(h / s, (h - s) / s);
    // Γ(s + 1) is s Γ(s), and S is of Γ(s).
    libm::exp(-deviance - stirling(s)) / (TAU * s).sqrt()
}

/// The sum of the terms from `s` on, which fall since `h < s`.
fn upwards(h: f64, s: f64) -> f64 {
    let mut s = s;
    let mut term = term(h, s);
    let mut sum = 0.0;
    // The terms that follow are smaller, and no longer change the last digit of the sum.
    while term > sum * 1e-17 {
        sum += term;
        s += 1.0;
        term *= h / s;
    }
    sum
}

/// The sum of the terms from `s` down to 0 or ½, which fall since `h > s`.
fn downwards(h: f64, s: f64) -> f64 {
    if s < 0.0 {
        return 0.0;
    }
    let mut s = s;
    let mut term = term(h, s);
    let mut sum = 0.0;
    while s >= 0.0 && term > sum * 1e-17 {
        sum += term;
        term *= s / h;
        s -= 1.0;
    }
    sum
}
