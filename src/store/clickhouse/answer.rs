//! An answer: its rows, as they come. Each begins with the byte 1, which the select writes as its first
//! column. So the text of an exception that follows some rows is noticed.

use std::io::{self, Read};

use crate::store::error::StoreError;

use super::{
    failure::{interrupted, torn},
    row_binary::Decoder,
};

/// What an answer is read from.
pub(super) type Body = Box<dyn Read + Send>;

/// An answer with the function that reads one of its rows.
pub(super) struct Rows<F> {
    decoder: Decoder<Body>,
    read: F,
    is_over: bool,
}

impl<F> Rows<F> {
    pub(super) fn new(body: Body, read: F) -> Self {
        Self {
            decoder: Decoder::new(body),
            read,
            is_over: false,
        }
    }
}

impl<T, F: FnMut(&mut Decoder<Body>) -> io::Result<T>> Rows<F> {
    fn row(&mut self) -> Result<Option<T>, StoreError> {
        match self.decoder.next().map_err(torn)? {
            None => Ok(None),
            Some(1) => (self.read)(&mut self.decoder).map(Some).map_err(torn),
            Some(byte) => {
                let mut text = vec![byte];
                // What there is of it: the connection may have ended, too.
                let _ = self.decoder.rest(&mut text);
                Err(interrupted(&String::from_utf8_lossy(&text)))
            }
        }
    }
}

impl<T, F: FnMut(&mut Decoder<Body>) -> io::Result<T>> Iterator for Rows<F> {
    type Item = Result<T, StoreError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.is_over {
            return None;
        }
        let row = self.row().transpose();
        self.is_over = !matches!(row, Some(Ok(_)));
        row
    }
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use super::*;
    use crate::store::{clickhouse::row::Row, error::StoreErrorKind};

    /// Reads an answer to its end; returns the number of rows, and the kind of the error.
    fn read(bytes: Vec<u8>) -> (usize, Option<StoreErrorKind>) {
        let rows = Rows::new(
            Box::new(Cursor::new(bytes)),
            |decoder: &mut Decoder<Body>| Row::read("ibnuwxs", decoder),
        );
        let rows: Vec<_> = rows.collect();
        let mut errors = rows.iter().filter_map(|row| row.as_ref().err());
        let error = errors.next_back().map(StoreError::kind);
        (rows.len() - usize::from(error.is_some()), error)
    }

    fn row() -> Vec<u8> {
        let mut bytes = vec![1; 1 + 8 + 1 + 1 + 8 + 16 + 16];
        bytes.extend(*b"\x02ab");
        bytes
    }

    #[test]
    fn an_exception_after_rows_is_an_error() {
        let answer = [row(), row(), b"Code: 241. DB::Exception".to_vec()].concat();
        assert_eq!(read(answer), (2, Some(StoreErrorKind::Busy)));
    }

    #[test]
    fn any_other_bytes_are_rows_or_an_error() {
        assert_eq!(read(Vec::new()), (0, None));
        let mut random = 1_u64;
        for length in 0..600 {
            let mut answer = [row(), row()].concat();
            answer.truncate(length);
            for byte in answer.iter_mut().skip(length % 7).step_by(1 + length % 11) {
                random = random
                    .wrapping_mul(6_364_136_223_846_793_005)
                    .wrapping_add(1);
                *byte = (random >> 56) as u8;
            }
            read(answer);
        }
    }
}
