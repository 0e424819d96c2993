use tower_tracks::stats::{Mean, Rate, Ratio, RatioSums};

/// What was seen of a track so far.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Seen {
    pub(super) units: u64,
    pub(super) with_value: u64,
    sums: RatioSums<f64>,
}

impl Seen {
    /// Adds a unit, its value and what that is divided by.
    pub(super) fn add(&mut self, [value, by]: [f64; 2]) {
        self.units += 1;
        self.with_value += u64::from(value != 0.0);
        let sums = &mut self.sums;
        sums.rows += 1;
        sums.numerator += value;
        sums.numerator_squares += value * value;
        sums.denominator += by;
        sums.denominator_squares += by * by;
        sums.products += value * by;
    }

    /// Whether there are so many units, those with a value, and others.
    pub(super) fn has(&self, [units, with_value, others]: [u64; 3]) -> bool {
        self.units >= units
            && self.with_value >= with_value
            && self.units - self.with_value >= others
    }

    pub(super) fn rate(&self) -> Rate {
        Rate {
            units: self.units,
            converters: self.with_value,
        }
    }

    pub(super) fn mean(&self) -> Mean {
        let RatioSums {
            numerator,
            numerator_squares,
            ..
        } = self.sums;
        Mean::from_sums(self.units, numerator, numerator_squares).unwrap_or_default()
    }

    pub(super) fn ratio(&self) -> Ratio {
        self.sums.ratio().unwrap_or_default()
    }
}
