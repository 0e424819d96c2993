/// From values to places in a drawing.
#[derive(Debug, Clone, Copy)]
pub(super) struct Scale {
    from: (f64, f64),
    to: (f64, f64),
}

impl Scale {
    pub(super) fn new(from: (f64, f64), to: (f64, f64)) -> Self {
        Self { from, to }
    }

    /// Returns the place of a value, or of the nearest that is in the drawing; to a tenth.
    pub(super) fn place(&self, value: f64) -> f64 {
        let (low, high) = self.from;
        let share = ((value - low) / (high - low)).clamp(0.0, 1.0);
        let place = self.to.0 + share * (self.to.1 - self.to.0);
        (place * 10.0).round() / 10.0
    }

    /// Returns round values within, 0 among them if it is: three to seven.
    pub(super) fn ticks(&self) -> Vec<f64> {
        let (low, high) = self.from;
        let rough = (high - low) / 4.0;
        let power = 10_f64.powf(rough.log10().floor());
        let steps = [1.0, 2.0, 5.0, 10.0].map(|step| step * power);
        let step = steps.into_iter().find(|step| *step >= rough);
        let step = step.unwrap_or(rough);
        let first = (low / step).ceil() as i64;
        let last = (high / step).floor() as i64;
        (first..=last).map(|tick| tick as f64 * step).collect()
    }
}

/// Returns a lift as it stands at an axis.
pub(super) fn label(lift: f64) -> String {
    let percent = lift * 100.0;
    let digits = match percent.abs() {
        0.0 | 0.995.. => 0,
        0.0995.. => 1,
        _ => 2,
    };
    let sign = if percent > 0.0 { "+" } else { "" };
    format!("{sign}{percent:.digits$} %")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_are_round_and_within() {
        for (from, ticks) in [
            ((-0.1, 0.1), vec!["-10 %", "-5 %", "0 %", "+5 %", "+10 %"]),
            ((-0.013, 0.004), vec!["-1 %", "-0.5 %", "0 %"]),
            ((0.0, 3.0), vec!["0 %", "+100 %", "+200 %", "+300 %"]),
        ] {
            let scale = Scale::new(from, (0.0, 100.0));
            let labels: Vec<String> = scale.ticks().into_iter().map(label).collect();
            assert_eq!(labels, ticks, "{from:?}");
        }
    }

    #[test]
    fn what_is_beyond_is_at_the_edge() {
        let scale = Scale::new((-1.0, 1.0), (10.0, 20.0));
        assert_eq!(
            [-9.0, 0.0, 0.5, f64::INFINITY].map(|value| scale.place(value)),
            [10.0, 15.0, 17.5, 20.0]
        );
    }
}
