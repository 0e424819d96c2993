use super::decimal;

/// Writes a share as percent, to three digits or a tenth of a percent.
pub(super) fn percent(share: f64) -> String {
    let percent = (share * 100.0).clamp(f64::MIN, f64::MAX);
    let digits = match percent.abs() {
        0.0 => return "0.0 %".to_owned(),
        0.1.. => 1,
        _ => 3,
    };
    format!("{} %", decimal::decimal(percent, digits))
}

/// Writes it with its sign.
pub(super) fn signed(share: f64) -> String {
    let plus = if share > 0.0 { "+" } else { "" };
    format!("{plus}{}", percent(share))
}

/// Writes a number to four digits, with its sign.
pub(super) fn number(value: f64) -> String {
    let digits = match value.abs() {
        1000.0.. => 0,
        10.0.. => 2,
        _ => 4,
    };
    decimal::signed(value, digits)
}

/// Writes a p-value, of which the very small ones are alike.
pub(crate) fn p_value(p: f64) -> String {
    match p {
        _ if p < 1e-4 => "below 0.0001".to_owned(),
        _ => format!("{p:.4}"),
    }
}

#[cfg(test)]
mod tests {
    use super::{number, p_value, percent, signed};

    #[test]
    fn numbers_are_short_whatever_they_are() {
        let shown = [0.0, 0.1234, 0.0005, -0.5, 1e-9, 1e20, f64::MAX].map(percent);
        let expected = [
            "0.0 %",
            "12.3 %",
            "0.050 %",
            "-50.0 %",
            "0.00000010 %",
            "more than 1000000000000000 %",
            "more than 1000000000000000 %",
        ];
        assert_eq!(shown, expected);
        assert_eq!(
            [0.01, 0.0, -0.01].map(signed),
            ["+1.0 %", "0.0 %", "-1.0 %"]
        );
        let shown = [0.0, 1.5, -12.0, 12_345.6, 0.009_172, -1e-9, 1e300].map(number);
        assert_eq!(
            shown,
            [
                "0",
                "+1.5000",
                "-12.00",
                "+12346",
                "+0.0092",
                "-0.0000000010",
                "more than 1000000000000000"
            ]
        );
        assert_eq!(
            [0.0, 1e-9, 0.04].map(p_value),
            ["below 0.0001", "below 0.0001", "0.0400"]
        );
    }
}
