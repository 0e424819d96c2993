use std::time::Duration;

use crate::store::Timestamp;

/// Returns `1 unit`, `2,000 units`.
pub(in crate::dashboard) fn plural(count: u64, what: &str) -> String {
    let number = crate::report::count(count);
    match count {
        1 => format!("{number} {what}"),
        _ => format!("{number} {what}s"),
    }
}

/// Returns a p-value, no more exact than it is.
pub(in crate::dashboard) fn p_value(p: f64) -> String {
    match p {
        0.001.. => format!("{p:.3}"),
        _ => "< 0.001".to_owned(),
    }
}

/// Returns how long a window is.
pub(in crate::dashboard) fn window(seconds: u64) -> String {
    match seconds {
        _ if seconds.is_multiple_of(86_400) => plural(seconds / 86_400, "day"),
        _ if seconds.is_multiple_of(3600) => plural(seconds / 3600, "hour"),
        _ => plural(seconds.div_ceil(60), "minute"),
    }
}

/// Returns how long ago a time is, in the largest unit there is one of.
pub(in crate::dashboard) fn ago(at: Timestamp, now: Timestamp) -> String {
    let micros = now.as_micros().saturating_sub(at.as_micros()).max(0);
    let seconds = Duration::from_micros(micros.unsigned_abs()).as_secs();
    let (count, what) = match seconds {
        0..60 => return "just now".to_owned(),
        60..3600 => (seconds / 60, "minute"),
        3600..86_400 => (seconds / 3600, "hour"),
        _ => (seconds / 86_400, "day"),
    };
    format!("{} ago", plural(count, what))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_those_of_people() {
        assert_eq!(
            [0, 1, 2000].map(|n| plural(n, "unit")),
            ["0 units", "1 unit", "2,000 units"]
        );
        assert_eq!(
            [0.5, 0.0011, 1e-9].map(p_value),
            ["0.500", "0.001", "< 0.001"]
        );
        assert_eq!(
            [604_800, 7200, 90].map(window),
            ["7 days", "2 hours", "2 minutes"]
        );
        let at = |seconds: i64| Timestamp::from_micros(seconds * 1_000_000);
        let written = [-5, 59, 60, 7200, 200_000].map(|seconds| ago(at(0), at(seconds)));
        let words = [
            "just now",
            "just now",
            "1 minute ago",
            "2 hours ago",
            "2 days ago",
        ];
        assert_eq!(written, words);
    }
}
