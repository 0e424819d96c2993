//! Spans of time, in the largest unit that divides them.

use super::plural;

/// Returns how long a span is, such as `7 days`.
pub(crate) fn span(seconds: u64) -> String {
    match seconds {
        _ if seconds.is_multiple_of(86_400) => plural(seconds / 86_400, "day"),
        _ if seconds.is_multiple_of(3600) => plural(seconds / 3600, "hour"),
        _ if seconds.is_multiple_of(60) => plural(seconds / 60, "minute"),
        _ => plural(seconds, "second"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_are_in_the_largest_unit_that_divides_them() {
        assert_eq!(
            [604_800, 7200, 90].map(span),
            ["7 days", "2 hours", "90 seconds"]
        );
    }
}
