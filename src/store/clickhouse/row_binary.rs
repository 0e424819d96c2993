//! ClickHouse's format `RowBinary`: the values of a row, one after the other, without names and types.

use std::io::{self, Read};

/// Appends values to the rows of an insert.
#[derive(Debug, Default)]
pub(super) struct Encoder(Vec<u8>);

impl Encoder {
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(super) fn into_bytes(self) -> Vec<u8> {
        self.0
    }

    pub(super) fn byte(&mut self, value: u8) -> &mut Self {
        self.0.push(value);
        self
    }

    pub(super) fn int(&mut self, value: i64) -> &mut Self {
        self.fixed(&value.to_le_bytes())
    }

    pub(super) fn count(&mut self, value: u64) -> &mut Self {
        self.fixed(&value.to_le_bytes())
    }

    pub(super) fn wide(&mut self, value: u128) -> &mut Self {
        self.fixed(&value.to_le_bytes())
    }

    pub(super) fn short(&mut self, value: u16) -> &mut Self {
        self.fixed(&value.to_le_bytes())
    }

    /// Appends bytes of a length that the table knows.
    pub(super) fn fixed(&mut self, value: &[u8]) -> &mut Self {
        self.0.extend_from_slice(value);
        self
    }

    /// Appends bytes after their length.
    pub(super) fn text(&mut self, value: &[u8]) -> &mut Self {
        let mut length = value.len();
        while length > 0x7f {
            self.0.push(length as u8 | 0x80);
            length >>= 7;
        }
        self.0.push(length as u8);
        self.fixed(value)
    }
}

/// The longest text that is read: a definition or a plan has at most 4 MiB.
const LONGEST: usize = 64 * 1024 * 1024;

/// The most that is read of the text of an exception.
pub(super) const LONGEST_EXCEPTION: usize = 16 * 1024;

/// Reads the values of rows.
pub(super) struct Decoder<R> {
    reader: R,
    buffer: Box<[u8]>,
    begin: usize,
    end: usize,
}

impl<R: Read> Decoder<R> {
    pub(super) fn new(reader: R) -> Self {
        Self {
            reader,
            buffer: vec![0; 1 << 18].into_boxed_slice(),
            begin: 0,
            end: 0,
        }
    }

    /// Returns the next byte, or `None` at the end.
    pub(super) fn next(&mut self) -> io::Result<Option<u8>> {
        if self.begin == self.end && self.fill()? == 0 {
            return Ok(None);
        }
        let byte = self.buffer[self.begin];
        self.begin += 1;
        Ok(Some(byte))
    }

    /// Returns some bytes that have to be there.
    pub(super) fn fixed<const N: usize>(&mut self) -> io::Result<[u8; N]> {
        let mut bytes = [0; N];
        match self.buffer.get(self.begin..self.begin + N) {
            Some(found) if self.begin + N <= self.end => {
                bytes.copy_from_slice(found);
                self.begin += N;
            }
            _ => self.read(&mut bytes)?,
        }
        Ok(bytes)
    }

    pub(super) fn byte(&mut self) -> io::Result<u8> {
        self.fixed::<1>().map(|[byte]| byte)
    }

    pub(super) fn int(&mut self) -> io::Result<i64> {
        self.fixed().map(i64::from_le_bytes)
    }

    pub(super) fn count(&mut self) -> io::Result<u64> {
        self.fixed().map(u64::from_le_bytes)
    }

    /// Returns the bytes of a text.
    pub(super) fn text(&mut self) -> io::Result<Vec<u8>> {
        let (mut length, mut shift) = (0_usize, 0);
        loop {
            let byte = self.byte()?;
            length |= usize::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                break;
            }
            shift += 7;
            if shift > 28 {
                return Err(io::ErrorKind::InvalidData.into());
            }
        }
        if length > LONGEST {
            return Err(io::ErrorKind::InvalidData.into());
        }
        let mut bytes = vec![0; length];
        self.read(&mut bytes)?;
        Ok(bytes)
    }

    /// Appends what is left, but no more than the text of an exception has.
    pub(super) fn rest(&mut self, bytes: &mut Vec<u8>) -> io::Result<()> {
        while bytes.len() < LONGEST_EXCEPTION && (self.begin < self.end || self.fill()? > 0) {
            bytes.extend_from_slice(&self.buffer[self.begin..self.end]);
            self.begin = self.end;
        }
        Ok(())
    }

    fn read(&mut self, mut bytes: &mut [u8]) -> io::Result<()> {
        while !bytes.is_empty() {
            if self.begin == self.end && self.fill()? == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            let count = bytes.len().min(self.end - self.begin);
            let (first, rest) = bytes.split_at_mut(count);
            first.copy_from_slice(&self.buffer[self.begin..self.begin + count]);
            self.begin += count;
            bytes = rest;
        }
        Ok(())
    }

    fn fill(&mut self) -> io::Result<usize> {
        self.begin = 0;
        self.end = 0;
        self.end = self.reader.read(&mut self.buffer)?;
        Ok(self.end)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_round_trip() {
        let long = vec![7; 300_000];
        let mut encoder = Encoder::default();
        encoder
            .byte(1)
            .int(-5)
            .text(b"")
            .text(&long)
            .count(u64::MAX)
            .fixed(&[3; 16]);
        let bytes = encoder.into_bytes();
        let mut decoder = Decoder::new(&*bytes);
        assert_eq!(decoder.next().unwrap(), Some(1));
        assert_eq!(decoder.int().unwrap(), -5);
        assert_eq!(decoder.text().unwrap(), b"");
        assert_eq!(decoder.text().unwrap(), long);
        assert_eq!(decoder.count().unwrap(), u64::MAX);
        assert_eq!(decoder.fixed::<16>().unwrap(), [3; 16]);
        assert_eq!(decoder.next().unwrap(), None);
        assert!(decoder.byte().is_err());
    }

    #[test]
    fn a_length_without_end_is_an_error() {
        let mut decoder = Decoder::new(&[0xff_u8; 16][..]);
        assert_eq!(
            decoder.text().unwrap_err().kind(),
            io::ErrorKind::InvalidData
        );
    }
}
