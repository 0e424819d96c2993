//! Days and times as they are written in reports.

use std::{fmt, str::FromStr};

use jiff::{
    SignedDuration, Span,
    civil::{Date, Time},
};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error};

use crate::store::Timestamp;

/// The number of microseconds in a day of UTC, which has no leap seconds.
const DAY: i64 = 86_400_000_000;

/// The first day of a cycle of the Gregorian calendar, which repeats every 400 years.
const CYCLE: Date = Date::constant(1970, 1, 1);
const CYCLE_YEARS: i64 = 400;
const CYCLE_DAYS: i32 = 146_097;

/// A day, as the number of days since 1970-01-01, in UTC or in the [time
/// zone](crate::Plan::time_zone) of a plan. It is written `2026-03-01`.
///
/// ```
/// use tower_tracks::report::Day;
///
/// let day = Day(20_513);
/// assert_eq!(day.to_string(), "2026-03-01");
/// assert_eq!(day.date(), (2026, 3, 1));
/// assert!(Day(0) < day);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Day(pub i32);

/// A time in UTC. In JSON it is `2026-03-01T12:00:00.000000Z`; its `Display` form, for people, is
/// `2026-03-01 12:00 UTC`.
///
/// ```
/// use tower_tracks::report::Utc;
///
/// let noon: Utc = "2026-03-01T12:00:00Z".parse()?;
/// assert_eq!(noon.to_string(), "2026-03-01 12:00 UTC");
/// assert_eq!(noon.0.as_micros(), 1_772_366_400_000_000);
/// # Ok::<(), tower_tracks::report::TimeError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Utc(pub Timestamp);

impl Day {
    /// Returns the year, the month from 1 and the day from 1, by the Gregorian calendar, also
    /// before its introduction.
    ///
    /// ```
    /// use tower_tracks::report::Day;
    ///
    /// assert_eq!(Day(0).date(), (1970, 1, 1));
    /// assert_eq!(Day(-1).date(), (1969, 12, 31));
    /// ```
    pub fn date(self) -> (i64, u8, u8) {
        // jiff ends with the year 9999, and a stored time may be later. The same day of the cycle
        // from 1970 on has the same month and day.
        let days = Span::new().days(self.0.rem_euclid(CYCLE_DAYS));
        let date = CYCLE.saturating_add(days);
        let cycles = i64::from(self.0.div_euclid(CYCLE_DAYS));
        let year = i64::from(date.year()) + cycles * CYCLE_YEARS;
        (year, date.month() as u8, date.day() as u8)
    }

    /// Returns the day of a date; `None` if the date does not exist.
    fn parse(text: &str) -> Option<Self> {
        // From the end, since a year before 0 begins with the character that separates.
        let mut parts = text.rsplitn(3, '-');
        let (day, month) = (parts.next()?.parse().ok()?, parts.next()?.parse().ok()?);
        let year: i64 = parts.next()?.parse().ok()?;
        let since = year.checked_sub(CYCLE.year().into())?;
        let year = i64::from(CYCLE.year()) + since.rem_euclid(CYCLE_YEARS);
        let date = Date::new(i16::try_from(year).ok()?, month, day).ok()?;
        let cycles = since.div_euclid(CYCLE_YEARS);
        let days = date.duration_since(CYCLE).as_hours() / 24;
        let days = cycles.checked_mul(CYCLE_DAYS.into())?.checked_add(days)?;
        i32::try_from(days).ok().map(Self)
    }
}

impl Utc {
    /// Returns the day in UTC. The days of a report may be those of another time zone.
    ///
    /// ```
    /// use tower_tracks::report::Utc;
    ///
    /// let late: Utc = "2026-03-01T23:59:59Z".parse()?;
    /// assert_eq!(late.day().to_string(), "2026-03-01");
    /// # Ok::<(), tower_tracks::report::TimeError>(())
    /// ```
    pub fn day(self) -> Day {
        Day(self.0.day())
    }

    /// Returns the time as it is in JSON, by RFC 3339 with microseconds.
    ///
    /// ```
    /// use tower_tracks::report::Utc;
    ///
    /// let noon: Utc = "2026-03-01T12:00:00Z".parse()?;
    /// assert_eq!(noon.to_rfc3339(), "2026-03-01T12:00:00.000000Z");
    /// # Ok::<(), tower_tracks::report::TimeError>(())
    /// ```
    pub fn to_rfc3339(self) -> String {
        format!("{}T{:.6}Z", self.day(), self.clock())
    }

    /// Returns the time of the day.
    fn clock(self) -> Time {
        Time::midnight().wrapping_add(SignedDuration::from_micros(self.0.as_micros()))
    }

    fn parse(text: &str) -> Option<Self> {
        let (day, clock) = text.strip_suffix('Z')?.split_once('T')?;
        let (clock, micros) = clock.split_once('.').unwrap_or((clock, "000000"));
        let micros: u64 = micros.parse().ok().filter(|_| micros.len() == 6)?;
        let mut parts = clock.splitn(3, ':').map(|part| part.parse().ok());
        let (hours, minutes, seconds) = (parts.next()??, parts.next()??, parts.next()??);
        let clock = Time::new(hours, minutes, seconds, 0).ok()?;
        // The day of the earliest time begins before what 64 bits hold.
        let start = i128::from(Day::parse(day)?.0) * i128::from(DAY);
        let of_day = clock.duration_since(Time::midnight()).as_micros();
        let time = i64::try_from(start + of_day + i128::from(micros)).ok()?;
        Some(Self(Timestamp::from_micros(time)))
    }
}

/// Reads a time of UTC by RFC 3339, with or without microseconds: `2026-03-01T12:00:00Z`.
impl FromStr for Utc {
    type Err = TimeError;

    fn from_str(text: &str) -> Result<Self, TimeError> {
        Self::parse(text).ok_or(TimeError)
    }
}

/// The error of a text that is not a time in UTC.
///
/// ```
/// use tower_tracks::report::Utc;
///
/// let error = "yesterday".parse::<Utc>().unwrap_err();
/// assert_eq!(error.to_string(), "write a UTC time such as 2026-03-01T12:00:00Z");
/// ```
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct TimeError;

impl fmt::Display for TimeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("write a UTC time such as 2026-03-01T12:00:00Z")
    }
}

debug_as_message!(TimeError);

impl std::error::Error for TimeError {}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day) = self.date();
        write!(f, "{year:04}-{month:02}-{day:02}")
    }
}

impl fmt::Display for Utc {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let clock = self.clock();
        write!(
            f,
            "{} {:02}:{:02} UTC",
            self.day(),
            clock.hour(),
            clock.minute()
        )
    }
}

impl From<Timestamp> for Utc {
    fn from(time: Timestamp) -> Self {
        Self(time)
    }
}

impl Serialize for Day {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Day {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).ok_or_else(|| D::Error::custom(format_args!("{text:?} is no day")))
    }
}

impl Serialize for Utc {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.to_rfc3339())
    }
}

impl<'de> Deserialize<'de> for Utc {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).ok_or_else(|| D::Error::custom(format_args!("{text:?} is no time")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_read_as_they_are_written() {
        for (day, text) in [
            (0, "1970-01-01"),
            (-1, "1969-12-31"),
            (11_016, "2000-02-29"),
            (19_782, "2024-02-29"),
            (20_513, "2026-03-01"),
            (-719_528, "0000-01-01"),
            (-719_529, "-001-12-31"),
            (2_932_897, "10000-01-01"),
        ] {
            assert_eq!(Day(day).to_string(), text);
            assert_eq!(Day::parse(text), Some(Day(day)), "{text}");
        }
        for bad in ["2026-02-29", "2026-13-01", "2026-1", "", "-", "today"] {
            assert_eq!(Day::parse(bad), None, "{bad}");
        }
        for day in (-1_000_000..1_000_000).step_by(997) {
            assert_eq!(Day::parse(&Day(day).to_string()), Some(Day(day)));
        }
    }

    #[test]
    fn times_are_read_as_they_are_written() {
        for micros in [0, -1, 1_772_366_400_123_456, DAY - 1, i64::MIN, i64::MAX] {
            let time = Utc(Timestamp::from_micros(micros));
            let json = serde_json::to_string(&time).unwrap_or_default();
            let read = serde_json::from_str::<Utc>(&json);
            assert!(matches!(read, Ok(read) if read == time), "{json} {read:?}");
        }
        let time = Utc(Timestamp::from_micros(1_772_366_400_000_001));
        assert_eq!(time.to_string(), "2026-03-01 12:00 UTC");
        for bad in [
            "24:00:00",
            "12:60:00",
            "12:00:60",
            "12:00",
            "12:00:00:00",
            "12:00:00.5",
        ] {
            assert_eq!(Utc::parse(&format!("2026-03-01T{bad}Z")), None, "{bad}");
        }
    }
}
