//! A row of a small answer, by the types of its columns: one letter for each.
//!
//! letter | type
//! --- | ---
//! `b` | `UInt8`
//! `i` | `Int64`
//! `n` | `Nullable(Int64)`
//! `u` | `UInt64`
//! `w` | `UInt128`
//! `x` | `FixedString(16)`
//! `f` | `FixedString(32)`
//! `s` | `String`

use std::{io, sync::Arc};

use crate::store::{
    error::{StoreError, StoreErrorKind},
    sql::Columns,
    timestamp::Timestamp,
};

use super::{answer::Body, row_binary::Decoder};

/// A value of a row.
#[derive(Debug)]
enum Value {
    Int(i64),
    Count(u64),
    Wide(u128),
    Bytes(Vec<u8>),
    Null,
}

/// The values of a row.
#[derive(Debug)]
pub(super) struct Row(Vec<Value>);

impl Row {
    /// Reads a row with columns of these types.
    pub(super) fn read(types: &str, decoder: &mut Decoder<Body>) -> io::Result<Self> {
        let values = types.bytes().map(|kind| Value::read(kind, decoder));
        values.collect::<io::Result<_>>().map(Self)
    }

    fn value(&self, column: usize) -> Result<&Value, StoreError> {
        self.0.get(column).ok_or_else(corrupt)
    }

    fn bytes<const N: usize>(&self, column: usize) -> Result<[u8; N], StoreError> {
        match self.value(column)? {
            Value::Bytes(bytes) => bytes[..].try_into().map_err(|_| corrupt()),
            _ => Err(corrupt()),
        }
    }
}

impl Value {
    fn read(kind: u8, decoder: &mut Decoder<Body>) -> io::Result<Self> {
        Ok(match kind {
            b'b' => Self::Int(decoder.byte()?.into()),
            b'i' => Self::Int(decoder.int()?),
            b'n' if decoder.byte()? == 1 => Self::Null,
            b'n' => Self::Int(decoder.int()?),
            b'u' => Self::Count(decoder.count()?),
            b'w' => Self::Wide(u128::from_le_bytes(decoder.fixed()?)),
            b'x' => Self::Bytes(decoder.fixed::<16>()?.to_vec()),
            b'f' => Self::Bytes(decoder.fixed::<32>()?.to_vec()),
            _ => Self::Bytes(decoder.text()?),
        })
    }
}

impl Columns for Row {
    type Failure = StoreError;

    fn utf8(&self, column: usize) -> Result<Option<&str>, StoreError> {
        match self.value(column)? {
            Value::Bytes(bytes) => Ok(str::from_utf8(bytes).ok()),
            _ => Err(corrupt()),
        }
    }

    fn id(&self, column: usize) -> Result<i64, StoreError> {
        self.number(column)
    }

    fn optional_id(&self, column: usize) -> Result<Option<i64>, StoreError> {
        match self.value(column)? {
            Value::Null => Ok(None),
            _ => self.number(column).map(Some),
        }
    }

    fn number(&self, column: usize) -> Result<i64, StoreError> {
        match self.value(column)? {
            Value::Int(number) => Ok(*number),
            _ => Err(corrupt()),
        }
    }

    fn flag(&self, column: usize) -> Result<bool, StoreError> {
        self.number(column).map(|number| number != 0)
    }

    /// Returns a coin: 0 for none, 1 for false, 2 for true.
    fn optional_flag(&self, column: usize) -> Result<Option<bool>, StoreError> {
        self.number(column).map(|number| coin(number as u8))
    }

    fn uuid(&self, column: usize) -> Result<[u8; 16], StoreError> {
        self.bytes(column)
    }

    fn fingerprint(&self, column: usize) -> Result<[u8; 32], StoreError> {
        self.bytes(column)
    }

    fn blob(&self, column: usize) -> Result<Arc<[u8]>, StoreError> {
        match self.value(column)? {
            Value::Bytes(bytes) => Ok(bytes[..].into()),
            _ => Err(corrupt()),
        }
    }

    fn time(&self, column: usize) -> Result<Timestamp, StoreError> {
        self.number(column).map(Timestamp::from_micros)
    }

    fn count(&self, column: usize) -> Result<u64, StoreError> {
        match self.value(column)? {
            Value::Count(count) => Ok(*count),
            _ => Err(corrupt()),
        }
    }

    fn wide(&self, column: usize) -> Result<u128, StoreError> {
        match self.value(column)? {
            Value::Wide(number) => Ok(*number),
            _ => Err(corrupt()),
        }
    }

    fn bucket(&self, column: usize) -> Result<u16, StoreError> {
        u16::try_from(self.number(column)?).map_err(|_| corrupt())
    }
}

/// Returns a side of the coin by its number.
pub(super) fn coin(number: u8) -> Option<bool> {
    match number {
        1 => Some(false),
        2 => Some(true),
        _ => None,
    }
}

/// Returns the number of a side of the coin, in the order of `Option`.
pub(super) fn coin_number(coin: Option<bool>) -> u8 {
    coin.map_or(0, |coin| 1 + u8::from(coin))
}

fn corrupt() -> StoreError {
    let message = "what ClickHouse holds is not what this crate wrote";
    StoreError::new(StoreErrorKind::Corrupt, message)
}
