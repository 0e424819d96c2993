//! Values as parts of a statement. Bytes and texts are hexadecimal digits, so nothing needs an escape.

use std::fmt::Write;

use crate::{
    store::{sql::UnitRange, timestamp::Timestamp},
    unit::Unit,
};

/// The most units, or keys, of one statement.
pub(super) const MOST: usize = 1_000;

/// Returns a unit, or another 16 bytes.
pub(super) fn unit(unit: Unit) -> String {
    bytes16(unit.to_bytes())
}

pub(super) fn bytes16(bytes: [u8; 16]) -> String {
    format!("toFixedString(unhex('{}'), 16)", hex(&bytes))
}

pub(super) fn text(text: &str) -> String {
    format!("unhex('{}')", hex(text.as_bytes()))
}

/// Returns a time, or another number. The smallest one has no literal of its own type.
pub(super) fn time(at: Timestamp) -> String {
    number(at.as_micros())
}

pub(super) fn number(number: i64) -> String {
    match number {
        i64::MIN => "(-9223372036854775807 - 1)".to_owned(),
        number => format!("toInt64({number})"),
    }
}

/// Returns the condition that a unit is in a range.
pub(super) fn is_in(unit: &str, range: UnitRange) -> String {
    let [first, last] = [range.first, range.last].map(self::unit);
    format!("{unit} BETWEEN {first} AND {last}")
}

/// Returns items, with a comma between two.
pub(super) fn list(items: impl IntoIterator<Item = String>) -> String {
    items.into_iter().collect::<Vec<_>>().join(", ")
}

/// Returns the digits of units, one after the other.
pub(super) fn joined(units: &[Unit]) -> String {
    let mut digits = String::with_capacity(32 * units.len());
    for unit in units {
        let _ = write!(digits, "{}", hex(&unit.to_bytes()));
    }
    digits
}

fn hex(bytes: &[u8]) -> String {
    let digit = |half: u8| char::from_digit(half.into(), 16).unwrap_or_default();
    let digits = bytes
        .iter()
        .flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]);
    digits.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_need_no_escape() {
        assert_eq!(text("'); DROP"), "unhex('27293b2044524f50')");
        assert_eq!(number(-5), "toInt64(-5)");
    }
}
