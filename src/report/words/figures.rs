use crate::{
    report::{Detectable, GoalReport, GoalSource, Limits, PhaseReport},
    stats::decimal,
};

pub(super) use crate::stats::p_value;

impl GoalReport {
    /// Returns a value of the goal in words, such as `12.3 %` or `1,234.50`.
    pub fn value_in_words(&self, value: f64) -> String {
        match &self.source {
            GoalSource::Duration => format!("{} ms", amount(value)),
            _ if self.is_share() => percent(value),
            _ => amount(value),
        }
    }

    /// Returns a difference of values in words, with its sign; of shares in percentage points.
    pub fn difference_in_words(&self, difference: f64) -> String {
        let sign = if difference > 0.0 { "+" } else { "" };
        let words = self.value_in_words(difference);
        format!("{sign}{}", words.replace('%', "points"))
    }

    /// Returns the smallest effect in words: as a lift where there is one.
    pub fn detectable_in_words(&self, detectable: &Detectable) -> String {
        match detectable.lift {
            Some(lift) => percent(lift),
            None => self
                .difference_in_words(detectable.difference)
                .replace('+', ""),
        }
    }
}

impl PhaseReport {
    /// Returns a value of one of its goals in words.
    pub(crate) fn value_in_words(&self, label: &str, value: f64) -> String {
        let mut goals = self.goals.iter().chain(&self.requests);
        match goals.find(|goal| goal.label == label) {
            Some(goal) => goal.value_in_words(value),
            None => amount(value),
        }
    }
}

impl Limits {
    /// Returns limits of a lift in words, such as `-1.2 % to +3.4 %`.
    pub fn lift_in_words(&self) -> String {
        match self.upper {
            Some(upper) => format!(
                "{} to {}",
                signed_percent(self.lower),
                signed_percent(upper)
            ),
            None => format!("{} or more", signed_percent(self.lower)),
        }
    }
}

/// Writes a share as percent, with at least two digits of it.
pub(crate) fn percent(share: f64) -> String {
    let percent = share * 100.0;
    let digits = match percent.abs() {
        0.0 => return "0.0 %".to_owned(),
        0.995.. => 1,
        0.0995.. => 2,
        _ => 4,
    };
    format!("{} %", decimal(percent, digits))
}

pub(crate) fn signed_percent(share: f64) -> String {
    let sign = if share > 0.0 { "+" } else { "" };
    format!("{sign}{}", percent(share))
}

/// Writes a number to two digits after the point, or more where it is small.
fn amount(value: f64) -> String {
    let digits = match value.abs() {
        0.0995.. => 2,
        _ => 4,
    };
    grouped(&decimal(value, digits))
}

pub(crate) fn count(units: u64) -> String {
    grouped(&units.to_string())
}

/// Separates thousands of the number that ends a text.
fn grouped(number: &str) -> String {
    let (whole, rest) = number.split_at(number.find('.').unwrap_or(number.len()));
    let begin = whole.find(|c: char| c.is_ascii_digit()).unwrap_or_default();
    let (words, digits) = whole.split_at(begin);
    let mut grouped = String::from(words);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index) % 3 == 0 {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped + rest
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
            (0.009_172, "+0.0092 ms"),
            (9.172, "+9.17 ms"),
            (-1234.5, "-1,234.50 ms"),
            (0.0, "0 ms"),
        ] {
            assert_eq!(duration.difference_in_words(value), expected);
        }
        let errors = goal(GoalSource::Errors);
        assert_eq!(errors.value_in_words(0.009_172), "0.92 %");
        assert_eq!(errors.difference_in_words(0.000_009_172), "+0.00092 points");
    }

    #[test]
    fn figures_are_short_and_keep_what_matters() {
        let shares = [0.0, 0.1234, -0.005, 0.000_5, 1e-9, 1e20].map(percent);
        assert_eq!(
            shares,
            [
                "0.0 %",
                "12.3 %",
                "-0.50 %",
                "0.0500 %",
                "0.00000010 %",
                "more than 1000000000000000 %"
            ]
        );
        let amounts = [
            0.0,
            1234.5,
            -1_234_567.0,
            12.0,
            0.01234,
            0.000_009_172,
            -3e20,
        ]
        .map(amount);
        assert_eq!(
            amounts,
            [
                "0",
                "1,234.50",
                "-1,234,567.00",
                "12.00",
                "0.0123",
                "0.0000092",
                "less than -1,000,000,000,000,000"
            ]
        );
        assert_eq!(
            [0, 999, 1000, 1_234_567].map(count),
            ["0", "999", "1,000", "1,234,567"]
        );
    }
}
