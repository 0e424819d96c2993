//! The columns of a file of cells, which every row has: public contract between the printed text and the
//! reader.

use super::dialect::Dialect;

/// The first column of each row.
pub(super) const FORMAT: &str = "tower-tracks 2";

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Holds {
    Text,
    /// A whole number of 64 bits.
    Int,
    /// A whole number of 38 digits.
    Decimal,
}

/// The columns in their order. Times are in microseconds since 1970, values in millionths.
pub(super) const COLUMNS: [(&str, Holds); 32] = [
    ("cells", Holds::Text),
    ("question", Holds::Text),
    ("set_name", Holds::Text),
    ("phase_no", Holds::Int),
    ("as_of", Holds::Int),
    // Of what the row is: `question`, `definition`, `units`, `left-out` or `goal`.
    ("part", Holds::Text),
    // The index of a goal or a definition; of units that are left out 1 (after the close) or 2 (excluded).
    ("ix", Holds::Int),
    // The fingerprint of a definition, or the track of a cohort.
    ("name", Holds::Text),
    // 0 for none, 1 for false, 2 for true.
    ("coin", Holds::Int),
    ("day_no", Holds::Int),
    ("crossed", Holds::Int),
    ("crossed_day_no", Holds::Int),
    // The index of the definition, -1 for none.
    ("definition_no", Holds::Int),
    // The segment of a cohort; empty for none.
    ("segment", Holds::Text),
    ("lasts", Holds::Int),
    ("units", Holds::Int),
    // Of units: the number of those whose window is over. Of a goal: 1 if the row is about these.
    ("closed_units", Holds::Int),
    ("first_at", Holds::Int),
    ("last_at", Holds::Int),
    ("converters", Holds::Int),
    ("total", Holds::Decimal),
    ("total_sq", Holds::Decimal),
    ("total_abs", Holds::Decimal),
    ("largest", Holds::Decimal),
    ("capped", Holds::Int),
    // Of the second value of units: the denominator of a ratio, or the total before the exposure.
    ("second", Holds::Decimal),
    ("second_sq", Holds::Decimal),
    ("largest_second", Holds::Decimal),
    ("with_second", Holds::Int),
    ("product", Holds::Decimal),
    ("matched", Holds::Int),
    ("shortly_before", Holds::Int),
];

/// The last column: the number of rows of the whole answer.
pub(super) const ALL_ROWS: &str = "all_rows";

/// A row of the answer as SQL: one expression for each column.
pub(super) struct Row {
    dialect: Dialect,
    values: [String; COLUMNS.len()],
}

impl Row {
    /// Returns a row of zeros and empty texts.
    pub(super) fn new(dialect: Dialect) -> Self {
        let value = |(_, holds): (&str, Holds)| match holds {
            Holds::Text => "''".to_owned(),
            Holds::Int | Holds::Decimal => "0".to_owned(),
        };
        Self {
            dialect,
            values: COLUMNS.map(value),
        }
    }

    /// Sets the expression of a column.
    pub(super) fn set(&mut self, column: &str, value: &str) {
        debug_assert!(COLUMNS.iter().any(|(name, _)| *name == column), "{column}");
        for ((name, _), known) in COLUMNS.iter().zip(&mut self.values) {
            if *name == column {
                value.clone_into(known);
            }
        }
    }

    /// Sets the columns of a cohort.
    pub(super) fn cohort(&mut self, tracks: &[&str]) {
        let tracks = tracks.iter().enumerate();
        let tracks =
            tracks.map(|(number, track)| format!("WHEN track_at = {number} THEN '{track}'"));
        let tracks = tracks.collect::<Vec<_>>().join(" ");
        self.set("name", &format!("CASE {tracks} ELSE '' END"));
        for (column, value) in [
            ("coin", "coin_at"),
            ("day_no", "day_at"),
            ("crossed", "is_crossed"),
            ("crossed_day_no", "crossed_day"),
            ("definition_no", "definition_at"),
            ("segment", "segment_at"),
        ] {
            self.set(column, value);
        }
    }

    /// Returns the statement that selects the row: one row, or one for each group of a table.
    pub(super) fn select(&self, from: Option<&str>) -> String {
        let dialect = self.dialect;
        let value = |((name, holds), value): (&(&str, Holds), &String)| {
            let value = match holds {
                Holds::Text => dialect.text(value),
                Holds::Int => dialect.int(value),
                Holds::Decimal => dialect.decimal(value),
            };
            format!("{value} AS {name}")
        };
        let values: Vec<String> = COLUMNS.iter().zip(&self.values).map(value).collect();
        let from = from.map_or(String::new(), |from| format!(" FROM {from}"));
        format!("SELECT {}{from}", values.join(", "))
    }
}
