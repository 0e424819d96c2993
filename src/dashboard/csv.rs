use crate::text::cell;

/// A cell of CSV.
#[derive(Debug)]
pub(super) enum Cell {
    /// As it is.
    Number(String),
    /// Never a formula.
    Text(String),
}

/// Returns CSV by RFC 4180.
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
    pub(super) fn number(number: impl ToString) -> Self {
        Self::Number(number.to_string())
    }

    /// A number that may be missing, for which the cell is empty.
    pub(super) fn option(number: Option<impl ToString>) -> Self {
        Self::Number(number.map(|number| number.to_string()).unwrap_or_default())
    }

    pub(super) fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }

    fn written(self) -> String {
        match self {
            Self::Number(number) => number,
            Self::Text(text) => cell(&text),
        }
    }
}
