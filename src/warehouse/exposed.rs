//! The tables of a question about exposures: from rows to one cohort for each unit.

use std::fmt::Write;

use crate::store::{Definition, PhaseName, Timestamp};

use super::sql::{Text, hex};

/// The crossing time of a unit that did not cross. The offset of a day can be added to it.
const NEVER: i64 = 9_000_000_000_000_000_000;

impl Text<'_> {
    /// The time of a fact. The column has a name that is a word of the language in some engines.
    pub(super) fn at(&self, table: &str) -> String {
        format!("{table}.{}", self.dialect.quoted("at"))
    }

    pub(super) fn gone(&self) -> String {
        let at = self.at("e");
        format!(
            "gone AS (SELECT e.unit AS gone_unit, max({at}) AS gone_until, 1 AS is_gone \
             FROM erasure AS e GROUP BY e.unit)"
        )
    }

    /// Whether a fact is kept, as its unit was not erased at its time or later. `gone` is the joined table.
    pub(super) fn is_kept(at: &str, gone: &str) -> String {
        // An engine may fill the columns of a unit without an erasure with zeros, and not with nulls.
        format!("(COALESCE({gone}.is_gone, 0) = 0 OR {at} > {gone}.gone_until)")
    }

    pub(super) fn facts(&self) -> String {
        let (set, at) = (self.dialect.quoted("set"), self.at("x"));
        let is_named = |name: &PhaseName| {
            format!(
                "(x.{set} = '{}' AND x.phase = {} AND x.kind = '{}')",
                name.set, name.phase, name.kind
            )
        };
        let names = self.named.iter().map(|(name, _)| is_named(name));
        let named = names.collect::<Vec<_>>().join(" OR ");
        let numbered = |(number, (name, _)): (usize, &(&PhaseName, _))| {
            format!("WHEN {} THEN {number}", is_named(name))
        };
        let names = self.named.iter().enumerate().map(numbered);
        let names = names.collect::<Vec<_>>().join(" ");
        let tracks = self.tracks.iter().enumerate();
        let tracks =
            tracks.map(|(number, track)| format!("WHEN x.track = '{track}' THEN {number}"));
        let tracks = tracks.collect::<Vec<_>>().join(" ");
        format!(
            "facts AS (SELECT x.unit AS unit_of, {at} AS met, CASE {tracks} ELSE -1 END AS track_no, \
             CASE {names} ELSE 0 END AS name_no, \
             CASE WHEN x.coin IS NULL THEN 0 WHEN x.coin THEN 2 ELSE 1 END AS coin_no, \
             COALESCE(x.definition, 'g') AS print, {} AS named_no, COALESCE(x.segment, '') AS segment_of, \
             CASE WHEN x.segment IS NULL THEN 1 ELSE 0 END AS no_segment\n  \
             FROM exposure AS x LEFT JOIN gone ON x.unit = gone_unit\n  \
             WHERE ({named}) AND {at} < {} AND {})",
            self.named_no(),
            self.question.as_of.as_micros(),
            Self::is_kept(&at, "gone"),
        )
    }

    /// The definition that an exposure names, if it is known under that name of the set.
    fn named_no(&self) -> String {
        let set = self.dialect.quoted("set");
        let mut cases = String::new();
        for (name, own) in &self.named {
            for definition in own {
                let print = hex(&definition.fingerprint);
                let index = self.index(definition);
                let _ = write!(
                    cases,
                    "WHEN x.{set} = '{}' AND x.definition = '{print}' THEN {index} ",
                    name.set
                );
            }
        }
        match cases.is_empty() {
            true => "-1".to_owned(),
            false => format!("CASE {cases}ELSE -1 END"),
        }
    }

    fn index(&self, definition: &Definition) -> usize {
        let mut all = self.definitions.iter();
        let place = all.position(|known| known.fingerprint == definition.fingerprint);
        place.unwrap_or_default()
    }

    pub(super) fn ranked(&self) -> String {
        let over = "OVER (PARTITION BY unit_of \
            ORDER BY met, track_no, name_no, coin_no, print, no_segment, segment_of)";
        format!(
            "ranked AS (SELECT unit_of, met, track_no, coin_no, named_no, segment_of, row_number() {over} AS nth, \
             first_value(track_no) {over} AS track_first FROM facts WHERE track_no >= 0)"
        )
    }

    pub(super) fn firsts(&self) -> String {
        format!(
            "firsts AS (SELECT unit_of, min(met) AS met_at, min(track_first) AS track_at, \
             max(CASE WHEN nth = 1 THEN coin_no ELSE 0 END) AS coin_at, \
             max(CASE WHEN nth = 1 THEN named_no ELSE -1 END) AS named_at, \
             max(CASE WHEN nth = 1 THEN segment_of ELSE '' END) AS segment_at, \
             min(CASE WHEN track_no <> track_first THEN met ELSE {NEVER} END) AS crossed_at \
             FROM ranked GROUP BY unit_of)"
        )
    }

    pub(super) fn exposed(&self) -> String {
        format!(
            "exposed AS (SELECT unit_of, met_at, track_at, coin_at, segment_at, {} AS day_at, \
             CASE WHEN crossed_at = {NEVER} THEN 0 ELSE 1 END AS is_crossed, \
             CASE WHEN crossed_at = {NEVER} THEN 0 ELSE {} END AS crossed_day, \
             {} AS definition_at, {} AS left_out FROM firsts)",
            self.day("met_at"),
            self.day("crossed_at"),
            self.in_force(),
            self.left_out(),
        )
    }

    /// The day of a time by the calendar of the question.
    fn day(&self, at: &str) -> String {
        let mut cases = String::new();
        let mut periods: Vec<_> = self.question.calendar.periods().collect();
        let first = periods.remove(0);
        // A time zone has changes for many years to come, and no exposure is after the question.
        periods.retain(|(since, ..)| *since < self.question.as_of);
        let day = |(_, offset, first_day): (Timestamp, i64, i32)| {
            let local = self
                .dialect
                .floored(&format!("{at} + {offset}"), 86_400_000_000);
            match first_day {
                i32::MIN => local,
                _ => format!("CASE WHEN {local} < {first_day} THEN {first_day} ELSE {local} END"),
            }
        };
        for period in periods.into_iter().rev() {
            let _ = write!(
                cases,
                "WHEN {at} >= {} THEN {} ",
                period.0.as_micros(),
                day(period)
            );
        }
        match cases.is_empty() {
            true => day(first),
            false => format!("CASE {cases}ELSE {} END", day(first)),
        }
    }

    /// The definition that an exposure names, otherwise the latest one that was in force, otherwise the earliest
    /// one.
    fn in_force(&self) -> String {
        let mut cases = String::from("CASE WHEN named_at >= 0 THEN named_at ");
        for (index, definition) in self.definitions.iter().enumerate().skip(1).rev() {
            let from = definition.first_at.as_micros();
            let _ = write!(cases, "WHEN met_at >= {from} THEN {index} ");
        }
        let none = if self.definitions.is_empty() { -1 } else { 0 };
        format!("{cases}ELSE {none} END")
    }

    /// 1 for a unit after the close, 2 for one in an excluded span, otherwise 0.
    fn left_out(&self) -> String {
        let mut cases = String::new();
        for span in &self.question.excluded {
            let (from, until) = (span.start.as_micros(), span.end.as_micros());
            let _ = write!(cases, "WHEN met_at >= {from} AND met_at < {until} THEN 2 ");
        }
        if let Some(at) = self.question.closed_at {
            let _ = write!(cases, "WHEN met_at >= {} THEN 1 ", at.as_micros());
        }
        match cases.is_empty() {
            true => "0".to_owned(),
            false => format!("CASE {cases}ELSE 0 END"),
        }
    }
}
