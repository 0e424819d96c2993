use crate::{
    figures::{number, percent, points, signed},
    report::{Answer, Compared, Detectable, GoalReport, GoalSource, Limits},
};

impl GoalReport {
    /// Returns a value of the goal in words, such as `12.3%` or `1,234.50`.
    pub fn value_in_words(&self, value: f64) -> String {
        match &self.source {
            GoalSource::Duration => format!("{} ms", number(value)),
            _ if self.is_share() => percent(value),
            _ => number(value),
        }
    }

    /// Returns a difference of values in words, with its sign; of shares in percentage points.
    pub fn difference_in_words(&self, difference: f64) -> String {
        signed(self.size_in_words(difference))
    }

    fn size_in_words(&self, difference: f64) -> String {
        match self.is_share() {
            true => points(difference),
            false => self.value_in_words(difference),
        }
    }

    /// Returns the smallest effect in words: as a lift where there is one.
    pub fn detectable_in_words(&self, detectable: &Detectable) -> String {
        match detectable.lift {
            Some(lift) => percent(lift),
            None => self.size_in_words(detectable.difference),
        }
    }
}

impl Limits {
    /// Returns limits of a lift in words, such as `-1.2% to +3.4%`.
    pub fn lift_in_words(&self) -> String {
        let lower = signed(percent(self.lower));
        match self.upper {
            Some(upper) => format!("{lower} to {}", signed(percent(upper))),
            None => format!("{lower} or more"),
        }
    }
}

/// Returns the cells of a lift and of its interval, which are empty where these are not known.
pub(super) fn lift_cells(compared: Option<&Answer<Compared>>) -> [String; 2] {
    let compared = compared.and_then(Answer::known);
    let lift = compared.and_then(|compared| compared.lift.known());
    let interval = compared.and_then(|compared| compared.lift_interval.known());
    let cells = [
        lift.map(|lift| signed(percent(*lift))),
        interval.map(Limits::lift_in_words),
    ];
    cells.map(Option::unwrap_or_default)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn goal(source: GoalSource) -> GoalReport {
        GoalReport {
            label: "goal".to_owned(),
            source,
            role: crate::report::GoalRole::Guardrail,
            less_is_better: true,
            window_from_seconds: None,
            window_seconds: None,
            open: 0,
            open_until: None,
            cap: None,
            tracks: Vec::new(),
        }
    }

    #[test]
    fn values_have_their_unit() {
        let duration = goal(GoalSource::Duration);
        for (value, expected) in [
            (0.009_172, "+0.00917 ms"),
            (9.172, "+9.17 ms"),
            (-1234.5, "-1,234.50 ms"),
            (0.0, "0 ms"),
        ] {
            assert_eq!(duration.difference_in_words(value), expected);
        }
        let errors = goal(GoalSource::Errors);
        assert_eq!(errors.value_in_words(0.009_172), "0.92%");
        assert_eq!(
            errors.difference_in_words(0.000_009_172),
            "+0.00092 percentage points"
        );
    }
}
