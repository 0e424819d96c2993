//! The rows of an answer, as they come. Each begins with the byte 1, which the select writes as its first
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
            Some(_) => Err(interrupted()),
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
