//! Tables as CSV.

use crate::text::cell;

/// A cell of a CSV table.
#[derive(Debug)]
pub(super) enum Cell {
    /// A number, a time or another text that is written as it is.
    Number(String),
    /// A text that is escaped, so that no spreadsheet evaluates it as a formula.
    Text(String),
}

/// Returns a table as CSV by RFC 4180, with a header.
pub(super) fn csv(columns: &[&str], rows: impl IntoIterator<Item = Vec<Cell>>) -> String {
    let mut csv = format!("{}\r\n", columns.join(","));
    for row in rows {
        let cells: Vec<String> = row.into_iter().map(Cell::written).collect();
        csv.push_str(&cells.join(","));
        csv.push_str("\r\n");
    }
    csv
}

impl Cell {
    /// Returns a cell with a number.
    pub(super) fn number(number: impl ToString) -> Self {
        Self::Number(number.to_string())
    }

    /// A number that may be missing, for which the cell is empty.
    pub(super) fn option(number: Option<impl ToString>) -> Self {
        Self::Number(number.map(|number| number.to_string()).unwrap_or_default())
    }

    /// Returns a cell with a text.
    pub(super) fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }

    /// Returns the cell as it is written. Numbers need no quotes.
    fn written(self) -> String {
        match self {
            Self::Number(number) => number,
            Self::Text(text) => cell(&text),
        }
    }
}
