use crate::report::{Detectable, GoalReport, GoalSource, Limits};

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
        0.0 | 0.995.. => 1,
        0.0995.. => 2,
        0.000_995.. => 4,
        _ => return format!("{percent:.1e} %"),
    };
    format!("{percent:.digits$} %")
}

pub(crate) fn signed_percent(share: f64) -> String {
    let sign = if share > 0.0 { "+" } else { "" };
    format!("{sign}{}", percent(share))
}

/// Writes a number to two digits after the point, or more where it is small.
pub(super) fn amount(value: f64) -> String {
    match value.abs() {
        0.0 => "0".to_owned(),
        0.0995..1e15 => grouped(&format!("{value:.2}")),
        0.000_995..0.0995 => format!("{value:.4}"),
        _ => format!("{value:.2e}"),
    }
}

/// Writes a p-value, of which the very small ones are alike.
pub(super) fn p_value(p: f64) -> String {
    match p {
        _ if p < 1e-300 => "below 1e-300".to_owned(),
        _ if p < 1e-4 => format!("{p:.1e}"),
        _ => format!("{p:.4}"),
    }
}

pub(crate) fn count(units: u64) -> String {
    grouped(&units.to_string())
}

/// Separates thousands.
fn grouped(number: &str) -> String {
    let (whole, rest) = number.split_at(number.find('.').unwrap_or(number.len()));
    let (sign, digits) = whole.split_at(usize::from(whole.starts_with('-')));
    let mut grouped = String::from(sign);
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

    #[test]
    fn figures_are_short_and_keep_what_matters() {
        let shares = [0.0, 0.1234, -0.005, 0.000_5, 1e-9].map(percent);
        assert_eq!(
            shares,
            ["0.0 %", "12.3 %", "-0.50 %", "0.0500 %", "1.0e-7 %"]
        );
        let amounts = [0.0, 1234.5, -1_234_567.0, 12.0, 0.01234, 3e20].map(amount);
        assert_eq!(
            amounts,
            [
                "0",
                "1,234.50",
                "-1,234,567.00",
                "12.00",
                "0.0123",
                "3.00e20"
            ]
        );
        assert_eq!(
            [0, 999, 1000, 1_234_567].map(count),
            ["0", "999", "1,000", "1,234,567"]
        );
    }
}
