//! Lines in bounded memory. A file may have one line of any length, so a line that is too long is
//! skipped while it is read.

use std::io::{self, BufRead, Read};

/// The longest line in bytes. The line of a set with thousands of tracks is shorter.
const LONGEST: usize = 4 * 1024 * 1024;

/// The lines of a reader, one at a time, in bounded memory.
pub(super) struct Lines<R> {
    reader: R,
    line: Vec<u8>,
}

/// A line without its end, and without a byte order mark.
pub(super) enum Line<'a> {
    /// A line as it stands, without white space at its end.
    Whole(&'a [u8]),
    /// The rest of a line that begins with zero bytes. A loss of power leaves them where lines were.
    AfterZeros(&'a [u8]),
    /// A line that was skipped, because it is longer than 4 MiB.
    TooLong,
}

impl Line<'_> {
    /// Returns how many bytes of the line were kept.
    pub(super) fn len(&self) -> usize {
        match self {
            Self::Whole(line) | Self::AfterZeros(line) => line.len(),
            Self::TooLong => 0,
        }
    }
}

/// The byte order mark of UTF-8, which some editors and shells write at the beginning of a file.
const MARK: &[u8] = b"\xef\xbb\xbf";

impl<R: BufRead> Lines<R> {
    /// Returns the lines of a reader.
    pub(super) fn new(reader: R) -> Self {
        Self {
            reader,
            line: Vec::new(),
        }
    }

    /// Returns the next line; `None` at the end.
    pub(super) fn next(&mut self) -> io::Result<Option<Line<'_>>> {
        self.line.clear();
        // One byte more, to distinguish a line that is too long from one that just fits.
        let longest = LONGEST as u64 + 1;
        let mut limited = Read::by_ref(&mut self.reader).take(longest);
        if limited.read_until(b'\n', &mut self.line)? == 0 {
            return Ok(None);
        }
        if self.line.len() > LONGEST && !self.line.ends_with(b"\n") {
            self.skip()?;
            return Ok(Some(Line::TooLong));
        }
        // On each line: files that were joined have their marks in the middle.
        let line = self.line.strip_prefix(MARK).unwrap_or(&self.line);
        let zeros = line.iter().take_while(|byte| **byte == 0).count();
        let text = line[zeros..].trim_ascii_end();
        Ok(Some(match zeros {
            0 => Line::Whole(text),
            _ => Line::AfterZeros(text),
        }))
    }

    /// Reads the rest of a line.
    fn skip(&mut self) -> io::Result<()> {
        loop {
            let rest = self.reader.fill_buf()?;
            let end = rest.iter().position(|byte| *byte == b'\n');
            let (length, is_done) = (rest.len(), rest.is_empty() || end.is_some());
            self.reader.consume(end.map_or(length, |end| end + 1));
            if is_done {
                return Ok(());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &[u8]) -> Vec<Option<usize>> {
        // A small buffer, so that lines are read in several pieces.
        let mut lines = Lines::new(io::BufReader::with_capacity(1000, text));
        let mut read = Vec::new();
        while let Some(line) = lines.next().unwrap() {
            read.push(match line {
                Line::Whole(line) | Line::AfterZeros(line) => Some(line.len()),
                Line::TooLong => None,
            });
        }
        read
    }

    #[test]
    fn ends_are_no_part_of_lines() {
        assert_eq!(read(b""), []);
        assert_eq!(read(b"a\r\n\nbc"), [Some(1), Some(0), Some(2)]);
    }

    #[test]
    fn a_line_that_is_too_long_is_passed_over() {
        let long = "x".repeat(LONGEST);
        assert_eq!(
            read(format!("{long}\na").as_bytes()),
            [Some(LONGEST), Some(1)]
        );
        assert_eq!(read(format!("{long}x\na").as_bytes()), [None, Some(1)]);
        assert_eq!(read(format!("a\n{long}{long}").as_bytes()), [Some(1), None]);
    }
}
