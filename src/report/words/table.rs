use super::paragraph::{WIDTH, push_line};

/// The widest column: names may be longer.
const WIDEST: usize = 28;

/// Lines with aligned columns, of which the first is aligned to the left.
pub(super) struct Table {
    rows: Vec<Vec<String>>,
}

impl Table {
    pub(super) fn new(head: &[&str]) -> Self {
        let head = head.iter().map(|cell| (*cell).to_owned());
        Self {
            rows: vec![head.collect()],
        }
    }

    pub(super) fn row(&mut self, cells: Vec<String>) {
        self.rows
            .push(cells.iter().map(|cell| short(cell, WIDEST)).collect());
    }

    /// Writes the table, indented, without columns in which there is nothing.
    pub(super) fn write(&self, out: &mut String, indent: &str) {
        let columns = self.rows.iter().map(Vec::len).max().unwrap_or_default();
        let filled = |column: &usize| {
            let mut cells = self.rows.iter().skip(1).filter_map(|row| row.get(*column));
            cells.any(|cell| !cell.is_empty())
        };
        let columns: Vec<usize> = (0..columns).filter(filled).collect();
        // What is too wide is cut from the names.
        let others = columns.iter().filter(|column| **column > 0);
        let others: usize = others.map(|column| self.width(*column) + 2).sum();
        let space = WIDTH.saturating_sub(indent.len() + others);
        let first = self.width(0).min(space);
        for row in &self.rows {
            let mut line = indent.to_owned();
            for column in &columns {
                let cell = row.get(*column).map_or("", String::as_str);
                match column {
                    0 => line.push_str(&format!("{:first$}", short(cell, first))),
                    _ => line.push_str(&format!("  {cell:>width$}", width = self.width(*column))),
                }
            }
            push_line(out, &line);
        }
    }

    fn width(&self, column: usize) -> usize {
        let cells = self.rows.iter().filter_map(|row| row.get(column));
        cells.map(|cell| cell.chars().count()).max().unwrap_or(0)
    }
}

fn short(cell: &str, width: usize) -> String {
    if cell.chars().count() <= width {
        return cell.to_owned();
    }
    let kept = cell.chars().take(width.saturating_sub(1));
    kept.chain(['…']).collect()
}
