use serde_json::Value;
use tower_tracks::stats::Beta;

/// The probability of a failure without a mistake, of one case.
const FALSE_ALARM: f64 = 1e-7;

/// Where the rate of a case has to be.
#[derive(Debug, Clone, Copy)]
pub(super) struct Band {
    pub(super) accept: [f64; 2],
    /// The promise of a test that is always valid.
    pub(super) at_most: Option<f64>,
    pub(super) runs: u64,
}

impl Band {
    pub(super) fn new(case: &Value) -> Option<Self> {
        Some(Self {
            accept: [case["accept"][0].as_f64()?, case["accept"][1].as_f64()?],
            at_most: case["at_most"].as_f64(),
            runs: case["accept_runs"].as_u64()?,
        })
    }

    /// Inside the band, and at most what is promised, but for the error of the simulation.
    pub(super) fn holds(&self, rate: f64) -> bool {
        let promised = self.at_most.is_none_or(|most| {
            let error = (most * (1.0 - most) / self.runs as f64).sqrt();
            rate <= most + 5.0 * error
        });
        promised && rate >= self.accept[0] && rate <= self.accept[1]
    }

    /// Whether a few runs are possible with a rate inside the band.
    pub(super) fn may_be(&self, hits: u64, runs: u64) -> bool {
        let [low, high] = self.accept;
        let high = self.at_most.map_or(high, |most| high.min(most));
        at_least(hits, runs, high) > FALSE_ALARM
            && at_least(runs - hits, runs, 1.0 - low) > FALSE_ALARM
    }
}

/// The probability of at least so many hits.
fn at_least(hits: u64, runs: u64, rate: f64) -> f64 {
    if hits == 0 || rate >= 1.0 {
        return 1.0;
    }
    let shapes = Beta::new(hits as f64, (runs - hits) as f64 + 1.0);
    shapes.and_then(|beta| beta.cdf(rate)).unwrap()
}

#[test]
fn bands_notice_what_is_wrong() {
    let band = Band {
        accept: [0.01, 0.06],
        at_most: Some(0.05),
        runs: 2000,
    };
    assert!(band.holds(0.02) && band.holds(0.051));
    assert!(!band.holds(0.009) && !band.holds(0.061));
    let strict = Band {
        at_most: Some(0.01),
        ..band
    };
    assert!(!strict.holds(0.05));
    assert!(strict.may_be(0, 10) && strict.may_be(1, 10) && !strict.may_be(8, 10));
    assert!((at_least(1, 10, 0.5) - (1.0 - 0.5_f64.powi(10))).abs() < 1e-14);
}
