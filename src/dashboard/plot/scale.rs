//! The scale of a drawing.

use crate::figures::{round_percent, signed};

/// A linear scale from values to places in a drawing.
#[derive(Debug, Clone, Copy)]
pub(super) struct Scale {
    from: (f64, f64),
    to: (f64, f64),
}

impl Scale {
    /// Returns the scale that maps the first interval to the second, which may be reversed.
    pub(super) fn new(from: (f64, f64), to: (f64, f64)) -> Self {
        Self { from, to }
    }

    /// Returns the place of a value, or of the nearest that is in the drawing; to a tenth. Where all
    /// values are one, that is the first place.
    pub(super) fn place(&self, value: f64) -> f64 {
        let (low, high) = self.from;
        let share = (value - low) / (high - low);
        let share = if share.is_nan() {
            0.0
        } else {
            share.clamp(0.0, 1.0)
        };
        let place = self.to.0 + share * (self.to.1 - self.to.0);
        // A tenth is finer than a screen shows, and keeps the points of a long series short.
        (place * 10.0).round() / 10.0
    }

    /// Returns the places of the ends of an interval.
    pub(super) fn span(&self, (low, high): (f64, f64)) -> (f64, f64) {
        (self.place(low), self.place(high))
    }

    /// Returns round values within, 0 among them if it is: three to nine; 0 alone where numbers are
    /// too small, or too large, to be divided.
    fn ticks(&self) -> Vec<f64> {
        let (low, high) = self.from;
        let rough = (high - low) / 6.0;
        let power = 10_f64.powf(rough.log10().floor());
        let steps = [1.0, 2.0, 5.0, 10.0].map(|step| step * power);
        let step = steps.into_iter().find(|step| *step >= rough);
        let step = step.unwrap_or(rough);
        // Divided by a subnormal step, the ends would be as far apart as 64 bits count, and so many
        // ticks take all memory.
        if !step.is_normal() {
            return vec![0.0];
        }
        let first = (low / step).ceil() as i64;
        let last = (high / step).floor() as i64;
        (first..=last).map(|tick| tick as f64 * step).collect()
    }

    /// Returns the places of the ticks, with their labels.
    pub(super) fn labels(&self) -> Vec<(f64, String)> {
        let ticks = self.ticks().into_iter();
        ticks.map(|tick| (self.place(tick), label(tick))).collect()
    }
}

/// Returns a lift as the label of an axis, with the fewest digits that distinguish the ticks.
fn label(lift: f64) -> String {
    signed(round_percent(lift))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_are_round_and_within() {
        for (from, ticks) in [
            ((-0.1, 0.1), vec!["-10%", "-5%", "0%", "+5%", "+10%"]),
            ((-0.013, 0.004), vec!["-1%", "-0.5%", "0%"]),
            ((-0.16, 0.31), vec!["-10%", "0%", "+10%", "+20%", "+30%"]),
            ((0.0, 3.5), vec!["0%", "+100%", "+200%", "+300%"]),
        ] {
            let scale = Scale::new(from, (0.0, 100.0));
            let labels: Vec<String> = scale.ticks().into_iter().map(label).collect();
            assert_eq!(labels, ticks, "{from:?}");
        }
    }

    #[test]
    fn any_range_has_few_ticks_and_a_place_for_each() {
        let ends = [
            0.0,
            5e-324,
            f64::MIN_POSITIVE,
            1e-300,
            1.0,
            1e300,
            f64::MAX,
            f64::INFINITY,
        ];
        for (low, high) in ends.iter().flat_map(|low| ends.map(|high| (-low, high))) {
            let scale = Scale::new((low, high), (0.0, 100.0));
            let ticks = scale.ticks();
            assert!((1..=9).contains(&ticks.len()), "{low} {high}: {ticks:?}");
            for value in ticks.into_iter().chain([low, high]) {
                let place = scale.place(value);
                assert!((0.0..=100.0).contains(&place), "{low} {high}: {value}");
            }
        }
    }

    #[test]
    fn values_beyond_the_scale_are_at_its_edge() {
        let scale = Scale::new((-1.0, 1.0), (10.0, 20.0));
        assert_eq!(
            [-9.0, 0.0, 0.5, f64::INFINITY].map(|value| scale.place(value)),
            [10.0, 15.0, 17.5, 20.0]
        );
    }
}
