//! The tables of a question about conversions: from rows to the totals of each unit and goal.

use std::time::Duration;

use crate::{
    assign::{DEFAULT_UNIT, Sum},
    store::{AskedGoal, Measure},
};

use super::sql::{COHORT, LONGEST, Text};

/// The largest total of a unit, as in the fold.
const MOST: i64 = i64::MAX;

/// How long before a first exposure a conversion hints at clocks that differ, in microseconds.
const SHORTLY: i64 = 60_000_000;

impl Text<'_> {
    pub(super) fn own(&self) -> String {
        let (streams, at) = (self.question.streams(), self.at("c"));
        let goals: Vec<String> = streams.iter().map(|goal| format!("'{goal}'")).collect();
        // Without a goal, nothing is reached.
        let is_asked = match goals.is_empty() {
            true => "1 = 0".to_owned(),
            false => format!("c.goal IN ({})", goals.join(", ")),
        };
        format!(
            "own AS (SELECT goal_of, unit_of, id_of, at_of, amount FROM (\n  \
             SELECT c.goal AS goal_of, c.unit AS unit_of, c.id AS id_of, {at} AS at_of, c.value AS amount, \
             row_number() OVER (PARTITION BY c.goal, c.unit, c.id ORDER BY {at}, c.value) AS nth\n  \
             FROM conversion AS c LEFT JOIN gone ON c.unit = gone_unit\n  \
             WHERE {is_asked} AND {}) AS once WHERE nth = 1 AND at_of < {})",
            Self::is_kept(&at, "gone"),
            self.question.as_of.as_micros(),
        )
    }

    pub(super) fn reached(&self) -> String {
        if *self.question.phase.kind != *DEFAULT_UNIT {
            return "reached AS (SELECT goal_of, unit_of, at_of, amount FROM own)".to_owned();
        }
        let (user, at) = (self.dialect.quoted("user"), self.at("a"));
        let [visitor_is_kept, user_is_kept] = ["v", "u"].map(|gone| Self::is_kept(&at, gone));
        format!(
            "since AS (SELECT a.{user} AS user_of, a.visitor AS visitor_of, min({at}) AS began \
             FROM alias AS a LEFT JOIN gone AS v ON a.visitor = v.gone_unit \
             LEFT JOIN gone AS u ON a.{user} = u.gone_unit \
             WHERE {visitor_is_kept} AND {user_is_kept} GROUP BY a.{user}, a.visitor),\n\
             aliased AS (SELECT goal_of, visitor_of AS unit_of, id_of, at_of, amount FROM (\n  \
             SELECT own.goal_of, since.visitor_of, own.id_of, own.at_of, own.amount, row_number() OVER \
             (PARTITION BY own.goal_of, own.unit_of, own.id_of ORDER BY since.began DESC, since.visitor_of) \
             AS nth\n  \
             FROM own JOIN since ON own.unit_of = since.user_of WHERE since.began <= own.at_of) AS latest \
             WHERE nth = 1),\n\
             reached AS (SELECT goal_of, unit_of, at_of, amount FROM (\n  \
             SELECT goal_of, unit_of, at_of, amount, row_number() OVER \
             (PARTITION BY goal_of, unit_of, id_of ORDER BY at_of, amount) AS nth FROM (\n  \
             SELECT goal_of, unit_of, id_of, at_of, amount FROM own UNION ALL \
             SELECT goal_of, unit_of, id_of, at_of, amount FROM aliased) AS of_both) AS once WHERE nth = 1)"
        )
    }

    /// One row for each goal that a goal of the question reads: `side` 1 is the goal itself, 2 the denominator
    /// of a ratio.
    pub(super) fn asked(&self) -> String {
        let goals = self.question.goals.iter().enumerate();
        let mut rows: Vec<String> = goals
            .flat_map(|(index, goal)| self.asked_rows(index, goal))
            .collect();
        if rows.is_empty() {
            rows.push(format!(
                "{} WHERE 1 = 0",
                self.asked_row(0, "none", 1, [0; 6])
            ));
        }
        format!("asked AS ({})", rows.join("\n  UNION ALL "))
    }

    fn asked_rows(&self, index: usize, asked: &AskedGoal) -> Vec<String> {
        let micros = |time: Duration| i64::try_from(time.as_micros().min(LONGEST)).unwrap_or(MOST);
        let starts = match asked.window_from.is_zero() {
            true => -micros(self.question.skew),
            false => micros(asked.window_from),
        };
        let values = |sum: &Sum| i64::from(*sum == Sum::Value);
        let cap = asked.cap.map_or(MOST, |cap| {
            i64::try_from(cap.unsigned_abs()).unwrap_or(MOST)
        });
        let looks = if asked.looks_back() {
            micros(asked.lookback)
        } else {
            0
        };
        let row = |goal: &str, side, is_rate, is_value| {
            let numbers = [starts, micros(asked.window), is_rate, is_value, cap, looks];
            self.asked_row(index, goal, side, numbers)
        };
        let goal = asked.goal.as_str();
        match &asked.measure {
            Measure::Rate => vec![row(goal, 1, 1, 0)],
            Measure::Total(amount) => vec![row(goal, 1, 0, values(amount))],
            Measure::Ratio {
                numerator,
                goal: by,
                denominator,
            } => vec![
                row(goal, 1, 0, values(numerator)),
                row(by.as_str(), 2, 0, values(denominator)),
            ],
        }
    }

    fn asked_row(
        &self,
        index: usize,
        goal: &str,
        side: u8,
        [starts, lasts, is_rate, is_value, cap, looks]: [i64; 6],
    ) -> String {
        let (goal, dialect) = (self.dialect.text(&format!("'{goal}'")), self.dialect);
        format!(
            "SELECT {goal} AS goal_asked, {index} AS ix, {side} AS side, {} AS starts, {} AS lasts, \
             {is_rate} AS is_rate, {is_value} AS is_value, {} AS cap, {} AS looks",
            dialect.int(&starts.to_string()),
            dialect.int(&lasts.to_string()),
            dialect.decimal(&cap.to_string()),
            dialect.int(&looks.to_string()),
        )
    }

    pub(super) fn tallied(&self) -> String {
        let as_of = self.question.as_of.as_micros();
        let skew = i64::try_from(self.question.skew.as_micros().min(LONGEST)).unwrap_or(MOST);
        // `own` has only conversions before the time of the question, so that bound is not repeated.
        let counts = "at_of >= met_at + starts AND at_of < met_at + lasts";
        let zero = self.dialect.decimal("0");
        let amount = self
            .dialect
            .decimal("CASE WHEN is_value = 1 THEN amount WHEN amount >= 0 THEN 1 ELSE 0 END");
        let sum = |which: &str| format!("sum(CASE WHEN {which} THEN {amount} ELSE {zero} END)");
        // No goal has both.
        let second = format!(
            "(side = 2 AND {counts}) OR (side = 1 AND looks > 0 AND at_of >= met_at - looks AND at_of < met_at - {skew})"
        );
        let count = |which: &str| format!("sum(CASE WHEN side = 1 AND {which} THEN 1 ELSE 0 END)");
        let cohort = COHORT;
        let goal = "ix, lasts, is_rate, cap, looks";
        format!(
            "tallied AS (SELECT exposed.unit_of, {cohort}, {goal}, \
             CASE WHEN met_at + lasts <= {as_of} THEN 1 ELSE 0 END AS is_closed, {} AS hits, {} AS of_goal, \
             {} AS by_goal, {} AS matched_of, {} AS shortly_of\n  \
             FROM exposed JOIN reached ON exposed.unit_of = reached.unit_of \
             JOIN asked ON reached.goal_of = asked.goal_asked\n  \
             WHERE left_out = 0 GROUP BY exposed.unit_of, met_at, {cohort}, {goal})",
            count(&format!("{counts} AND amount >= 0")),
            sum(&format!("side = 1 AND {counts}")),
            sum(&second),
            count(&format!("at_of >= met_at - {skew}")),
            count(&format!(
                "at_of >= met_at - {SHORTLY} AND at_of < met_at - {skew}"
            )),
        )
    }

    pub(super) fn totals(&self) -> String {
        let (dialect, cohort) = (self.dialect, COHORT);
        let (one, zero) = (dialect.decimal("1"), dialect.decimal("0"));
        let most = dialect.decimal(&MOST.to_string());
        // A total before the exposure has the cap of the goal, and a denominator has none.
        format!(
            "raw_totals AS (SELECT {cohort}, ix, is_closed, hits, cap, looks, matched_of, shortly_of, by_goal, \
             CASE WHEN looks > 0 THEN cap ELSE {most} END AS by_cap, CASE WHEN is_rate = 0 THEN of_goal \
             WHEN hits > 0 THEN {one} ELSE {zero} END AS of_unit FROM tallied),\n\
             totals AS (SELECT {cohort}, ix, is_closed, hits, matched_of, shortly_of, \
             CASE WHEN of_unit > cap OR of_unit < -cap OR (looks = 0 AND (by_goal > by_cap OR by_goal < -by_cap)) \
             THEN 1 ELSE 0 END AS is_capped, \
             CASE WHEN of_unit > cap THEN cap WHEN of_unit < -cap THEN -cap ELSE of_unit END AS y, \
             CASE WHEN by_goal > by_cap THEN by_cap WHEN by_goal < -by_cap THEN -by_cap ELSE by_goal END AS d \
             FROM raw_totals)"
        )
    }
}
