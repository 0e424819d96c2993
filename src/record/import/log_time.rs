use jiff::fmt::strtime;

use crate::record::Timestamp;

/// How servers write `$time_local`: `11/Mar/2026:09:26:53 +0000`.
const LOCAL: &str = "%d/%b/%Y:%H:%M:%S %z";

/// Returns the time that a log tells: `$time_local`, `$time_iso8601` (RFC 3339), or `$msec`, which
/// are seconds since 1970.
pub(super) fn read(text: &str) -> Option<Timestamp> {
    let text = text.trim();
    let time = || {
        let rfc3339 = text.parse::<jiff::Timestamp>();
        let local = || strtime::parse(LOCAL, text)?.to_timestamp();
        let time = rfc3339.or_else(|_| local()).ok()?;
        Some(Timestamp::from_micros(time.as_microsecond()))
    };
    seconds(text).or_else(time)
}

fn seconds(text: &str) -> Option<Timestamp> {
    let (seconds, fraction) = text.split_once('.').unwrap_or((text, ""));
    let is_number = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    if seconds.is_empty() || !is_number(seconds) || !is_number(fraction) {
        return None;
    }
    // What is beyond a microsecond is cut.
    let micros: String = fraction.chars().chain("000000".chars()).take(6).collect();
    let seconds: i64 = seconds.parse().ok()?;
    let micros = seconds
        .checked_mul(1_000_000)?
        .checked_add(micros.parse().ok()?)?;
    Some(Timestamp::from_micros(micros))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_times_of_logs_are_read() {
        let second = 1_773_221_213_000_000;
        let check = |text, expected| {
            let micros = read(text).map(Timestamp::as_micros);
            assert_eq!(micros, expected, "{text}");
        };
        check("11/Mar/2026:09:26:53 +0000", Some(second));
        check("11/Mar/2026:14:56:53 +0530", Some(second));
        check("2026-03-11T09:26:53+00:00", Some(second));
        check("2026-03-11T01:26:53.25-08:00", Some(second + 250_000));
        check("1773221213", Some(second));
        check("1773221213.042", Some(second + 42_000));
        check("1773221213.0429999", Some(second + 42_999));
        for bad in [
            "",
            "-",
            ".5",
            "-5",
            "1e9",
            "11/Mar/2026:09:26:53",
            "31/Feb/2026:09:26:53 +0000",
            "2026-03-11 09:26:53",
            "99999999999999999999",
            "9999999999999",
        ] {
            assert_eq!(read(bad), None, "{bad}");
        }
    }
}
