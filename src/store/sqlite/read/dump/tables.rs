//! The order of the tables in a dump, which a write depends on.
//!
//! Each table has the statement that selects its columns and the function that adds a row. Erasures
//! come first, so that the reader refuses facts that it should not have; keys of units come after
//! the facts.

use super::{Add, rows};

/// The tables in the order in which they must be written: erasures before facts, keys of units after them.
pub(super) const TABLES: [(&str, Add); 10] = [
    ("SELECT unit, at FROM erased", rows::erased),
    (
        "SELECT phase_id, fingerprint, json, first_at FROM definition WHERE json IS NOT NULL",
        rows::definition,
    ),
    ("SELECT phase_id, first_at, json FROM plan", rows::plan),
    (
        "SELECT track_id, unit, first_at, coin, writer_id, definition_id, segment_id FROM exposure",
        rows::exposure,
    ),
    (
        "SELECT goal_id, unit, idem, at, value, writer_id FROM conversion",
        rows::conversion,
    ),
    ("SELECT visitor, user, first_at FROM alias", rows::alias),
    (
        "SELECT track_id, bucket, writer_id, requests, errors, aborted, duration_us, \
         duration_us_sq FROM request_sum",
        rows::sum,
    ),
    (
        "SELECT writer_id, track_id, goal_id, sink, reason, n FROM loss",
        rows::loss,
    ),
    ("SELECT unit, kind, key FROM raw_unit", rows::raw_unit),
    (
        "SELECT at, reason, payload FROM aside ORDER BY id",
        rows::aside,
    ),
];
