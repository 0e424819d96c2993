//! Days and times as they are written in reports.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error};

use crate::store::Timestamp;

/// The number of microseconds in a second.
const MICROS: i64 = 1_000_000;
/// The number of microseconds in a day of UTC, which has no leap seconds.
const DAY: i64 = 86_400 * MICROS;

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
        // Howard Hinnant, "chrono-compatible low-level date algorithms": years begin in March.
        let days = i64::from(self.0) + 719_468;
        let era = days.div_euclid(146_097);
        let of_era = days.rem_euclid(146_097);
        let year = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
        let of_year = of_era - (365 * year + year / 4 - year / 100);
        let month = (5 * of_year + 2) / 153;
        let day = of_year - (153 * month + 2) / 5 + 1;
        let (month, next) = if month < 10 {
            (month + 3, 0)
        } else {
            (month - 9, 1)
        };
        (year + era * 400 + next, month as u8, day as u8)
    }

    /// Returns the day of a date, by the inverse of the algorithm in `date`. A date that does not
    /// exist may give another day; `parse` detects that.
    fn of(year: i64, month: i64, day: i64) -> Option<Self> {
        if !(1..=12).contains(&month) || !(1..=31).contains(&day) || year.abs() > 1_000_000 {
            return None;
        }
        let (year, month) = if month > 2 {
            (year, month - 3)
        } else {
            (year - 1, month + 9)
        };
        let (era, of_era) = (year.div_euclid(400), year.rem_euclid(400));
        let of_year = (153 * month + 2) / 5 + day - 1;
        let days = era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468;
        i32::try_from(days).ok().map(Self)
    }

    fn parse(text: &str) -> Option<Self> {
        let (sign, digits) = match text.strip_prefix('-') {
            Some(digits) => (-1, digits),
            None => (1, text),
        };
        let mut parts = digits.splitn(3, '-').map(|part| part.parse::<i64>().ok());
        let (year, month, day) = (parts.next()??, parts.next()??, parts.next()??);
        let parsed = Self::of(sign * year, month, day)?;
        // The 31st of a month that has 30 is another day.
        (parsed.date() == (sign * year, month as u8, day as u8)).then_some(parsed)
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
        let (hours, minutes, seconds, micros) = self.clock();
        let day = self.day();
        format!("{day}T{hours:02}:{minutes:02}:{seconds:02}.{micros:06}Z")
    }

    /// Returns the hours, minutes, seconds and microseconds of the day.
    fn clock(self) -> (i64, i64, i64, i64) {
        let micros = self.0.as_micros().rem_euclid(DAY);
        let seconds = micros / MICROS;
        (
            seconds / 3600,
            seconds / 60 % 60,
            seconds % 60,
            micros % MICROS,
        )
    }

    fn parse(text: &str) -> Option<Self> {
        let (day, clock) = text.strip_suffix('Z')?.split_once('T')?;
        let mut parts = clock.splitn(3, ':');
        let hours: u64 = parts.next()?.parse().ok()?;
        let minutes: u64 = parts.next()?.parse().ok()?;
        let seconds = parts.next()?;
        let (seconds, micros) = seconds.split_once('.').unwrap_or((seconds, "000000"));
        let seconds: u64 = seconds.parse().ok()?;
        let micros: u64 = micros.parse().ok().filter(|_| micros.len() == 6)?;
        if hours > 23 || minutes > 59 || seconds > 59 {
            return None;
        }
        // The day of the earliest time begins before what 64 bits hold.
        let start = i128::from(Day::parse(day)?.0) * i128::from(DAY);
        let of_day = (hours * 3600 + minutes * 60 + seconds) * MICROS as u64 + micros;
        let time = i64::try_from(start + i128::from(of_day)).ok()?;
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
        let (hours, minutes, ..) = self.clock();
        write!(f, "{} {hours:02}:{minutes:02} UTC", self.day())
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
        ] {
            assert_eq!(Day(day).to_string(), text);
            assert_eq!(Day::parse(text), Some(Day(day)), "{text}");
        }
        for bad in ["2026-02-29", "2026-13-01", "2026-1", "", "-", "today"] {
            assert_eq!(Day::parse(bad), None, "{bad}");
        }
        for day in (-1_000_000..1_000_000).step_by(997) {
            let (year, month, date) = Day(day).date();
            assert_eq!(Day::of(year, month.into(), date.into()), Some(Day(day)));
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
        assert!(Utc::parse("2026-03-01T24:00:00.000000Z").is_none());
    }
}
