/// Writes a share as percent, to three digits or a tenth of a percent.
pub(super) fn percent(share: f64) -> String {
    let percent = (share * 100.0).clamp(f64::MIN, f64::MAX);
    let digits = match percent.abs() {
        0.0 | 0.1..1e9 => 1,
        0.001..0.1 => 3,
        _ => return format!("{percent:.1e} %"),
    };
    format!("{percent:.digits$} %")
}

/// Writes it with its sign.
pub(super) fn signed(share: f64) -> String {
    let plus = if share > 0.0 { "+" } else { "" };
    format!("{plus}{}", percent(share))
}

/// Writes a number to four digits, with its sign.
pub(super) fn number(value: f64) -> String {
    let digits = match value.abs() {
        1000.0..1e15 => 0,
        10.0..1000.0 => 2,
        0.01..10.0 => 4,
        0.0 => 0,
        _ => return format!("{value:+.3e}"),
    };
    format!("{value:+.digits$}")
}

/// Writes a p-value, of which the very small ones are alike.
pub(super) fn p_value(p: f64) -> String {
    match p {
        _ if p < 1e-300 => "below 1e-300".to_owned(),
        _ if p < 1e-4 => format!("{p:.1e}"),
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
            "1.0e-7 %",
            "1.0e22 %",
            "1.8e308 %",
        ];
        assert_eq!(shown, expected);
        assert_eq!(
            [0.01, 0.0, -0.01].map(signed),
            ["+1.0 %", "0.0 %", "-1.0 %"]
        );
        let shown = [0.0, 1.5, -12.0, 12_345.6, 1e-9, 1e300].map(number);
        assert_eq!(
            shown,
            [
                "+0",
                "+1.5000",
                "-12.00",
                "+12346",
                "+1.000e-9",
                "+1.000e300"
            ]
        );
        assert_eq!(
            [0.0, 1e-9, 0.04].map(p_value),
            ["below 1e-300", "1.0e-9", "0.0400"]
        );
    }
}
