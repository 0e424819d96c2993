//! The facts as they count: of each key the smallest row, unless an erasure covers it. These are parts of
//! statements; a condition limits which rows are read.

/// The erased units.
const GONE: &str =
    "(SELECT unit AS gone_unit, max(at) AS until, 1 AS is_gone FROM @erased GROUP BY unit) AS gone";

/// Whether a row is not covered by its erasure. Without an erasure, the columns of the join have zeros.
fn is_kept(at: &str) -> String {
    format!("(is_gone = 0 OR {at} > until)")
}

/// Returns exposures, with the columns `phase_id`, `unit`, `track_id`, `at`, `coin`, `print`, `segment` and
/// `writer_id`.
pub(super) fn exposures(condition: &str) -> String {
    format!(
        "(SELECT phase_id, unit, track_id, least_of.1 AS at, least_of.2 AS coin, least_of.3 AS print, \
         least_of.4 AS segment, least_of.5 AS writer_id FROM \
         (SELECT phase_id, unit, track_id, min(first) AS least_of FROM @exposure WHERE {condition} \
         GROUP BY phase_id, unit, track_id) AS merged \
         LEFT JOIN {GONE} ON unit = gone_unit WHERE {})",
        is_kept("least_of.1")
    )
}

/// Returns exposures with no more than their key and the column `at`, which is faster.
pub(super) fn exposure_times(condition: &str) -> String {
    format!(
        "(SELECT phase_id, unit, track_id, met AS at FROM \
         (SELECT phase_id, unit, track_id, min(first.1) AS met FROM @exposure WHERE {condition} \
         GROUP BY phase_id, unit, track_id) AS merged \
         LEFT JOIN {GONE} ON unit = gone_unit WHERE {})",
        is_kept("met")
    )
}

/// Returns conversions, with the columns `goal_id`, `unit`, `idem`, `at`, `value` and `writer_id`.
pub(super) fn conversions(condition: &str) -> String {
    format!(
        "(SELECT goal_id, unit, idem, least_of.1 AS at, least_of.2 AS value, least_of.3 AS writer_id FROM \
         (SELECT goal_id, unit, idem, min(first) AS least_of FROM @conversion WHERE {condition} \
         GROUP BY goal_id, unit, idem) AS merged \
         LEFT JOIN {GONE} ON unit = gone_unit WHERE {})",
        is_kept("least_of.1")
    )
}

/// Returns conversions with no more than their key and the column `at`.
pub(super) fn conversion_times(condition: &str) -> String {
    format!(
        "(SELECT goal_id, unit, idem, met AS at FROM \
         (SELECT goal_id, unit, idem, min(first.1) AS met FROM @conversion WHERE {condition} \
         GROUP BY goal_id, unit, idem) AS merged \
         LEFT JOIN {GONE} ON unit = gone_unit WHERE {})",
        is_kept("met")
    )
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
