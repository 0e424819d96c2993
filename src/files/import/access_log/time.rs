//! The times of access logs.

use jiff::{civil::DateTime, fmt::strtime, tz::Offset};

use crate::store::Timestamp;

/// How servers write a local time: `11/Mar/2026:09:26:53 +0000`, with a fraction or without.
const LOCAL: &str = "%d/%b/%Y:%H:%M:%S%.f %z";

/// The same without a time zone, as HAProxy writes it.
const WITHOUT_ZONE: &str = "%d/%b/%Y:%H:%M:%S%.f";

/// The reason of a time that no format fits.
pub(super) const UNREADABLE: &str = "its time cannot be read";

/// The reason of a local time without an offset.
const NO_ZONE: &str = "its time has no time zone";

/// Returns the time that a log has: that of the *combined* format, RFC 3339, or seconds,
/// milliseconds, microseconds or nanoseconds since 1970.
///
/// Of a time without a time zone, `utc_offset` is the offset in minutes.
pub(super) fn read(text: &str, utc_offset: Option<i16>) -> Result<Timestamp, &'static str> {
    let text = text.trim();
    if let Some(time) = since_1970(text).or_else(|| with_zone(text)) {
        return Ok(time);
    }
    let time = without_zone(text).ok_or(UNREADABLE)?;
    let seconds = i32::from(utc_offset.ok_or(NO_ZONE)?) * 60;
    let offset = Offset::from_seconds(seconds).map_err(|_| NO_ZONE)?;
    let time = offset.to_timestamp(time).map_err(|_| UNREADABLE)?;
    Ok(Timestamp::from_micros(time.as_microsecond()))
}

/// Returns whether a text is a time, in any time zone.
pub(super) fn is_time(text: &str) -> bool {
    read(text, Some(0)).is_ok()
}

/// Reads a time with its time zone.
fn with_zone(text: &str) -> Option<Timestamp> {
    let rfc3339 = text.parse::<jiff::Timestamp>();
    let local = || strtime::parse(LOCAL, text)?.to_timestamp();
    let time = rfc3339.or_else(|_| local()).ok()?;
    Some(Timestamp::from_micros(time.as_microsecond()))
}

/// Reads a local time.
fn without_zone(text: &str) -> Option<DateTime> {
    let local = strtime::parse(WITHOUT_ZONE, text).and_then(|time| time.to_datetime());
    local.or_else(|_| text.parse()).ok()
}

/// Returns the time of a number. Its unit follows from its size: seconds after the year 5138 are taken as
/// milliseconds, and so on. It is truncated to microseconds.
fn since_1970(text: &str) -> Option<Timestamp> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let is_number = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || !is_number(whole) || !is_number(fraction) {
        return None;
    }
    let whole: u64 = whole.parse().ok()?;
    let (digits, nanos) = match whole {
        0..100_000_000_000 => (6, 1),
        100_000_000_000..100_000_000_000_000 => (3, 1),
        100_000_000_000_000..100_000_000_000_000_000 => (0, 1),
        _ => (0, 1_000),
    };
    let micros = fraction.bytes().chain([b'0'; 6]).take(digits);
    let micros = micros.fold(whole / nanos, |sum, digit| {
        sum * 10 + u64::from(digit - b'0')
    });
    Some(Timestamp::from_micros(micros.try_into().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: i64 = 1_773_221_213_000_000;

    #[track_caller]
    fn check(text: &str, expected: Option<i64>) {
        let micros = read(text, None).map(Timestamp::as_micros);
        assert_eq!(micros.ok(), expected, "{text}");
    }

    #[test]
    fn times_with_a_zone_are_read() {
        check("11/Mar/2026:09:26:53 +0000", Some(SECOND));
        check("11/Mar/2026:14:56:53 +0530", Some(SECOND));
        check("11/Mar/2026:09:26:53.042 +0000", Some(SECOND + 42_000));
        check("11/Mar/2026:09:26:53.042999 +0000", Some(SECOND + 42_999));
        check("2026-03-11T09:26:53+00:00", Some(SECOND));
        check("2026-03-11T01:26:53.25-08:00", Some(SECOND + 250_000));
        check("2026-03-11T09:26:53.042Z", Some(SECOND + 42_000));
        check("2026-03-11T09:26:53.042999731Z", Some(SECOND + 42_999));
        check("2026-03-11T10:26:53.042+0100", Some(SECOND + 42_000));
    }

    #[test]
    fn numbers_are_read_by_their_size() {
        check("0", Some(0));
        check("1773221213", Some(SECOND));
        check("1773221213.042", Some(SECOND + 42_000));
        check("1773221213.0429999", Some(SECOND + 42_999));
        check("1773221213042", Some(SECOND + 42_000));
        check("1773221213042.5", Some(SECOND + 42_500));
        check("1773221213042999", Some(SECOND + 42_999));
        check("1773221213042999.9", Some(SECOND + 42_999));
        check("1773221213042999731", Some(SECOND + 42_999));
        check("99999999999", Some(99_999_999_999_000_000));
    }

    #[test]
    fn times_without_a_zone_need_an_offset() {
        for text in [
            "11/Mar/2026:10:56:53.042",
            "2026-03-11T10:56:53.042",
            "2026-03-11 10:56:53.042",
        ] {
            assert_eq!(read(text, None), Err(NO_ZONE), "{text}");
            let time = read(text, Some(90)).map(Timestamp::as_micros);
            assert_eq!(time, Ok(SECOND + 42_000), "{text}");
            assert_eq!(read(text, Some(i16::MAX)), Err(NO_ZONE), "{text}");
        }
        let time = read("11/Mar/2026:09:26:53 +0000", Some(90));
        assert_eq!(time.map(Timestamp::as_micros), Ok(SECOND));
    }

    #[test]
    fn an_invalid_time_is_refused() {
        for bad in [
            "",
            "-",
            ".5",
            "-5",
            "1e9",
            "31/Feb/2026:09:26:53 +0000",
            "11/Mar/2026",
            "99999999999999999999",
        ] {
            assert_eq!(read(bad, None), Err(UNREADABLE), "{bad}");
        }
    }
}
