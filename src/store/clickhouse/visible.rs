//! The facts that are visible: of each key the smallest row, unless an erasure covers it. These are parts of
//! statements; a condition limits which rows are read.

/// The erased units.
const GONE: &str =
    "(SELECT unit AS gone_unit, max(at) AS until, 1 AS is_gone FROM @erased GROUP BY unit) AS gone";

/// Whether a row is not covered by its erasure. Without an erasure, the columns of the join have zeros.
fn is_kept(at: &str) -> String {
    format!("(is_gone = 0 OR {at} > until)")
}

/// The facts of a table: those with a unit, a key and a smallest row.
struct Facts {
    table: &'static str,
    key: &'static str,
    /// What the smallest row has besides its time.
    others: &'static str,
}

const EXPOSURES: Facts = Facts {
    table: "exposure",
    key: "phase_id, unit, track_id",
    others: "least_of.2 AS coin, least_of.3 AS print, least_of.4 AS segment, least_of.5 AS writer_id",
};

const CONVERSIONS: Facts = Facts {
    table: "conversion",
    key: "goal_id, unit, idem",
    others: "least_of.2 AS value, least_of.3 AS writer_id",
};

impl Facts {
    /// Returns the facts with all columns.
    fn whole(&self, condition: &str) -> String {
        let columns = format!("least_of.1 AS at, {}", self.others);
        self.kept("first", &columns, "least_of.1", condition)
    }

    /// Returns the facts with no more than their key and the column `at`, which is faster.
    fn times(&self, condition: &str) -> String {
        self.kept("first.1", "least_of AS at", "least_of", condition)
    }

    fn kept(&self, row: &str, columns: &str, at: &str, condition: &str) -> String {
        let Self { table, key, .. } = self;
        let is_kept = is_kept(at);
        format!(
            "(SELECT {key}, {columns} FROM \
             (SELECT {key}, min({row}) AS least_of FROM @{table} WHERE {condition} GROUP BY {key}) AS merged \
             LEFT JOIN {GONE} ON unit = gone_unit WHERE {is_kept})"
        )
    }
}

/// Returns exposures, with the columns `phase_id`, `unit`, `track_id`, `at`, `coin`, `print`, `segment` and
/// `writer_id`.
pub(super) fn exposures(condition: &str) -> String {
    EXPOSURES.whole(condition)
}

/// Returns exposures, with the columns `phase_id`, `unit`, `track_id` and `at`.
pub(super) fn exposure_times(condition: &str) -> String {
    EXPOSURES.times(condition)
}

/// Returns conversions, with the columns `goal_id`, `unit`, `idem`, `at`, `value` and `writer_id`.
pub(super) fn conversions(condition: &str) -> String {
    CONVERSIONS.whole(condition)
}

/// Returns conversions, with the columns `goal_id`, `unit`, `idem` and `at`.
pub(super) fn conversion_times(condition: &str) -> String {
    CONVERSIONS.times(condition)
}

/// Returns aliases, with the columns `user`, `visitor` and `since`.
pub(super) fn aliases(condition: &str) -> String {
    format!(
        "(SELECT user, visitor, met AS since FROM \
         (SELECT user, visitor, min(first_at) AS met FROM @alias WHERE {condition} GROUP BY user, visitor) AS merged \
         LEFT JOIN {GONE} ON user = gone_unit \
         LEFT JOIN (SELECT unit AS lost_unit, max(at) AS lost_until, 1 AS is_lost FROM @erased GROUP BY unit) AS lost \
         ON visitor = lost_unit WHERE {} AND (is_lost = 0 OR met > lost_until))",
        is_kept("met")
    )
}

/// Returns the units with a visible fact, as the column `unit`. A condition on `%` limits which units are read.
pub(super) fn units(condition: &str) -> String {
    let of = |column: &str| condition.replace('%', column);
    let (unit, aliases) = (
        of("unit"),
        aliases(&format!("{} OR {}", of("user"), of("visitor"))),
    );
    format!(
        "(SELECT unit FROM {} UNION ALL SELECT unit FROM {} \
         UNION ALL SELECT arrayJoin([user, visitor]) AS unit FROM {aliases})",
        exposure_times(&unit),
        conversion_times(&unit),
    )
}
