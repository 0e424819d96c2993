//! The time zones of plans. The bundled database is used, so that every machine has the same days.

use jiff::tz::{TimeZone as Zone, TimeZoneDatabase};

use crate::{
    assign::Plan,
    store::{Calendar, Timestamp},
};

use super::Day;

/// The name of the zone that days are in without another.
const UTC: &str = "UTC";

/// The beginning of 2100. Zones have rules without an end, and a calendar has one.
const END: i64 = 4_102_444_800;

/// The time zone in which the days of a phase begin.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct TimeZone {
    /// The IANA name.
    pub(super) name: String,
    /// The name that the plan gives, where no such zone is known.
    pub(super) unknown: Option<String>,
    pub(super) calendar: Calendar,
}

impl TimeZone {
    /// Returns the zone of a plan. Where the plan names none, or one that is not known, that is UTC.
    pub(super) fn of(plan: Option<&Plan>) -> Self {
        let named = plan.and_then(Plan::named_time_zone);
        let known = named.and_then(|name| {
            // The data of the machine may be older, or another.
            let zone = TimeZoneDatabase::bundled().get(name).ok()?;
            Some(Self {
                name: zone.iana_name().unwrap_or(UTC).to_owned(),
                unknown: None,
                calendar: calendar(&zone),
            })
        });
        known.unwrap_or_else(|| Self {
            name: utc(),
            unknown: named.map(str::to_owned),
            calendar: Calendar::default(),
        })
    }

    /// Returns the day of a time.
    pub(super) fn day(&self, at: Timestamp) -> Day {
        Day(self.calendar.day(at))
    }
}

/// Returns the name of UTC.
pub(super) fn utc() -> String {
    UTC.to_owned()
}

/// Returns the offsets of a zone from 1970 to 2100, as a calendar of the store.
fn calendar(zone: &Zone) -> Calendar {
    let start = jiff::Timestamp::UNIX_EPOCH;
    let later = zone.following(start);
    let later = later.take_while(|change| change.timestamp().as_second() < END);
    let later = later.map(|change| {
        let since = Timestamp::from_micros(change.timestamp().as_microsecond());
        (since, change.offset().seconds())
    });
    Calendar::new(zone.to_offset(start).seconds(), later)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn zone(name: &'static str) -> TimeZone {
        TimeZone::of(Some(&Plan::default().time_zone(name)))
    }

    #[test]
    fn names_are_those_of_the_database() {
        assert_eq!(zone("america/new_york").name, "America/New_York");
        assert_eq!(
            zone("America/New_Yrok").unknown.as_deref(),
            Some("America/New_Yrok")
        );
        for utc in [zone("UTC"), zone("utc"), TimeZone::of(None)] {
            assert_eq!((&*utc.name, utc.unknown), ("UTC", None));
            assert_eq!(utc.calendar, Calendar::default());
        }
    }

    /// 2026 in New York has a day of 23 hours, 8 March, and one of 25, 1 November.
    #[test]
    fn days_of_new_york_have_its_hours() {
        let zone = zone("America/New_York");
        let hours = |day: i32| {
            let [start, end] = [day, day + 1].map(|day| zone.calendar.start_of(day).as_micros());
            (end - start) / 3_600_000_000
        };
        let days = 20_454..20_819;
        let odd: Vec<(String, i64)> = days
            .map(|day| (Day(day).to_string(), hours(day)))
            .filter(|(_, hours)| *hours != 24)
            .collect();
        let expected = [("2026-03-08", 23), ("2026-11-01", 25)];
        assert_eq!(odd, expected.map(|(day, hours)| (day.to_owned(), hours)));
        assert_eq!(
            zone.calendar.start_of(20_454).as_micros() % 86_400_000_000,
            5 * 3_600_000_000
        );
    }
}
