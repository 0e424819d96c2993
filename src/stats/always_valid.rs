//! The boundary of tests that are valid at every look.

/// The boundary of an asymptotic confidence sequence: what `|z|` has to exceed after so many
/// units, so that with no effect it ever does so with a probability of at most alpha.
///
/// With `N` the units of both tracks, `ρ² = (−2 ln α + ln(1 − 2 ln α)) / N*` and `q = N ρ²`:
///
/// ```text
/// k(N) = √( (q + 1)/q · (ln(q + 1) − 2 ln α′) )
/// ln e = z² q / (2 (q + 1)) − ln(q + 1) / 2,    p = min(1, 1/e)
/// ```
///
/// so that `p ≤ α′` when `|z| ≥ k(N)`. `ρ` is of the whole α, also when the interval is drawn
/// at a part `α′` of it; else the two part ways.
///
/// Source: Waudby-Smith, Arbour, Sinha, Kennedy & Ramdas 2024, "Time-uniform central limit theory
/// and asymptotic confidence sequences", Annals of Statistics 52; the function is Robbins' 1970
/// normal mixture.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct AlwaysValid {
    /// The variance of the mixture, per unit.
    rho_squared: f64,
}

impl AlwaysValid {
    /// Makes the boundary that is narrowest around `tuned_for` units.
    pub(super) fn new(alpha: f64, tuned_for: u64) -> Self {
        let doubled = -2.0 * libm::log(alpha);
        let rho_squared = (doubled + libm::log1p(doubled)) / tuned_for.max(1) as f64;
        Self { rho_squared }
    }

    /// What `|z|` has to exceed after so many units, at an alpha that may be a part of the whole.
    pub(super) fn multiplier(self, units: f64, alpha: f64) -> f64 {
        // Without units q would be 0, and the boundary a division by it.
        let q = self.rho_squared * units.max(1.0);
        ((q + 1.0) / q * (libm::log1p(q) - 2.0 * libm::log(alpha))).sqrt()
    }

    /// The p-value, `min(1, 1/e)`. By Ville's inequality `e` exceeds `1/a` at any time with a
    /// probability of at most `a`.
    pub(super) fn p(self, z: f64, units: f64) -> f64 {
        // Of little evidence e is below 1, and its reciprocal would be no probability.
        libm::exp(-self.ln_e(z, units)).min(1.0)
    }

    /// The logarithm of the e-value, the evidence against no effect.
    pub(super) fn ln_e(self, z: f64, units: f64) -> f64 {
        let q = self.rho_squared * units.max(1.0);
        // By the logarithm, since e itself overflows at a z of 38.
        z * z * (q / (q + 1.0)) / 2.0 - libm::log1p(q) / 2.0
    }
}
