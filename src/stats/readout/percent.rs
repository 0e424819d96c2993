/// Writes a share as percent, to three digits or a tenth of a percent.
pub(super) fn percent(share: f64) -> String {
    let percent = share * 100.0;
    let digits = match percent.abs() {
        0.0 | 0.1.. => 1,
        0.001.. => 3,
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
