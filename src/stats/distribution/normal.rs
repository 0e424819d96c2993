//! The normal distribution: its tails by the complementary error function, its quantiles by AS 241.

use std::f64::consts::SQRT_2;

/// The standard normal distribution, of mean 0 and variance 1.
///
/// It is the distribution of a z statistic in large samples if there is no effect. It has no parameters, so
/// the methods are called on `Normal` itself.
///
/// ```
/// use tower_tracks::stats::Normal;
///
/// assert_eq!(Normal.inverse_sf(0.025).map(|z| (z * 1e4).round()), Some(19_600.0));
/// // A point that is not a number has no tail.
/// assert_eq!(Normal.sf(f64::NAN), None);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Normal;

impl Normal {
    /// Returns the lower tail, the probability of at most `z`; `None` when `z` is not a number.
    ///
    /// ```
    /// use tower_tracks::stats::Normal;
    ///
    /// assert_eq!(Normal.cdf(1.0).map(|p| (p * 1e4).round()), Some(8413.0));
    /// assert_eq!(Normal.cdf(f64::NEG_INFINITY), Some(0.0));
    /// ```
    pub fn cdf(self, z: f64) -> Option<f64> {
        self.sf(-z)
    }

    /// Returns the upper tail, the probability of more than `z`; `None` when `z` is not a number.
    ///
    /// It is `½ erfc(z / √2)`. A two-sided p-value is twice the upper tail of `|z|`. Prefer it to
    /// `1 − cdf(z)`, which has no exact digits if z is above 8.
    ///
    /// ```
    /// use tower_tracks::stats::Normal;
    ///
    /// assert_eq!(Normal.sf(0.0), Some(0.5));
    /// // One in 741, on one side.
    /// assert_eq!(Normal.sf(3.0).map(|p| (1.0 / p).round()), Some(741.0));
    /// // The lower tail is 1 to the last digit here; the upper one is still a number.
    /// assert!(Normal.sf(20.0).is_some_and(|p| p > 0.0));
    /// ```
    pub fn sf(self, z: f64) -> Option<f64> {
        (!z.is_nan()).then(|| upper(z))
    }

    /// Returns the point whose lower tail is `p`; `None` unless `p` is between 0 and 1.
    ///
    /// It is the negative of [`inverse_sf`](Self::inverse_sf).
    ///
    /// ```
    /// use tower_tracks::stats::Normal;
    ///
    /// assert_eq!(Normal.inverse_cdf(0.95).map(|z| (z * 1e4).round()), Some(16_449.0));
    /// assert_eq!(Normal.inverse_cdf(1.0), None);
    /// ```
    pub fn inverse_cdf(self, p: f64) -> Option<f64> {
        self.inverse_sf(p).map(|z| -z)
    }

    /// Returns the point whose upper tail is `p`; `None` unless `p` is between 0 and 1.
    ///
    /// The point for half of alpha is the multiplier of a two-sided test with one look.
    ///
    /// ```
    /// use tower_tracks::stats::Normal;
    ///
    /// let multiplier = Normal.inverse_sf(0.05 / 2.0);
    /// assert_eq!(multiplier.map(|z| (z * 1e4).round()), Some(19_600.0));
    /// assert_eq!(Normal.inverse_sf(0.5), Some(0.0));
    /// ```
    ///
    /// Source: Wichura 1988, algorithm AS 241 (PPND16).
    pub fn inverse_sf(self, p: f64) -> Option<f64> {
        (p > 0.0 && p < 1.0).then(|| upper_quantile(p))
    }
}

/// The upper tail. Callers inside the crate use it for points that are numbers.
pub(in crate::stats) fn upper(z: f64) -> f64 {
    0.5 * libm::erfc(z / SQRT_2)
}

/// The point whose upper tail is `p`, of what is between 0 and 1.
///
/// Three rational approximations: around the middle, up to a tail of `e⁻²⁵`, and beyond. Source:
/// Wichura 1988.
pub(in crate::stats) fn upper_quantile(p: f64) -> f64 {
    let from_middle = 0.5 - p;
    if from_middle.abs() <= 0.425 {
        let r = 0.180_625 - from_middle * from_middle;
        return from_middle * ratio(&MIDDLE, r);
    }
    let tail = if p < 0.5 { p } else { 1.0 - p };
    let r = (-libm::log(tail)).sqrt();
    let distance = if r <= 5.0 {
        ratio(&NEAR, r - 1.6)
    } else {
        ratio(&FAR, r - 5.0)
    };
    distance.copysign(from_middle)
}

/// A polynomial over another, constant terms first.
type Ratio = ([f64; 8], [f64; 8]);

fn ratio((over, under): &Ratio, r: f64) -> f64 {
    let value = |terms: &[f64; 8]| terms.iter().rev().fold(0.0, |sum, term| sum * r + term);
    value(over) / value(under)
}

/// For a `p` from 0.075 to 0.925, by the square of its distance from ½.
#[expect(clippy::excessive_precision, reason = "as they were published")]
const MIDDLE: Ratio = (
    [
        3.387_132_872_796_366_608,
        1.331_416_678_917_843_774_5e2,
        1.971_590_950_306_551_442_7e3,
        1.373_169_376_550_946_112_5e4,
        4.592_195_393_154_987_145_7e4,
        6.726_577_092_700_870_085_3e4,
        3.343_057_558_358_812_810_5e4,
        2.509_080_928_730_122_672_7e3,
    ],
    [
        1.0,
        4.231_333_070_160_091_125_2e1,
        6.871_870_074_920_579_083e2,
        5.394_196_021_424_751_107_7e3,
        2.121_379_430_158_659_586_7e4,
        3.930_789_580_009_271_061e4,
        2.872_908_573_572_194_267_4e4,
        5.226_495_278_852_854_561e3,
    ],
);

/// For tails of `e⁻²⁵` and more, by `√(−ln p)`.
#[expect(clippy::excessive_precision, reason = "as they were published")]
const NEAR: Ratio = (
    [
        1.423_437_110_749_683_577_34,
        4.630_337_846_156_545_295_9,
        5.769_497_221_460_691_405_5,
        3.647_848_324_763_204_605_04,
        1.270_458_252_452_368_382_58,
        2.417_807_251_774_506_117_7e-1,
        2.272_384_498_926_918_458_33e-2,
        7.745_450_142_783_414_076_4e-4,
    ],
    [
        1.0,
        2.053_191_626_637_758_821_87,
        1.676_384_830_183_803_849_4,
        6.897_673_349_851_000_045_5e-1,
        1.481_039_764_274_800_745_9e-1,
        1.519_866_656_361_645_719_66e-2,
        5.475_938_084_995_344_946e-4,
        1.050_750_071_644_416_843_24e-9,
    ],
);

/// For smaller tails.
#[expect(clippy::excessive_precision, reason = "as they were published")]
const FAR: Ratio = (
    [
        6.657_904_643_501_103_777_2,
        5.463_784_911_164_114_369_9,
        1.784_826_539_917_291_335_8,
        2.965_605_718_285_048_912_3e-1,
        2.653_218_952_657_612_309_3e-2,
        1.242_660_947_388_078_438_6e-3,
        2.711_555_568_743_487_578_15e-5,
        2.010_334_399_292_288_132_65e-7,
    ],
    [
        1.0,
        5.998_322_065_558_879_376_9e-1,
        1.369_298_809_227_358_053_1e-1,
        1.487_536_129_085_061_485_25e-2,
        7.868_691_311_456_132_591e-4,
        1.846_318_317_510_054_681_8e-5,
        1.421_511_758_316_445_888_7e-7,
        2.044_263_103_389_939_785_64e-15,
    ],
);
