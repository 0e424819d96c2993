//! The decompression of a file. Its name is not known, so its first bytes decide.

use std::io::{self, BufRead, BufReader, Chain, Cursor, Read};

use flate2::bufread::MultiGzDecoder;

use super::file_kind::FileKind;

/// The number of bytes that identify the format of a file.
const HEAD: u64 = 16;

/// The reader of lines: the file itself, or its decompressed content.
pub(super) enum Input<R> {
    Plain(Begun<R>),
    Gzip(Box<Begun<BufReader<MultiGzDecoder<Begun<R>>>>>),
}

/// A reader of which the first bytes were read before.
type Begun<R> = Chain<Cursor<Vec<u8>>, R>;

impl<R: BufRead> Input<R> {
    /// Begins to read.
    ///
    /// # Errors
    ///
    /// If the first bytes cannot be read, or are not those of UTF-8 lines.
    pub(super) fn new(reader: R) -> io::Result<Self> {
        let (kind, reader) = begin(reader)?;
        match kind {
            FileKind::Text => Ok(Self::Plain(reader)),
            FileKind::Gzip => {
                let (kind, unpacked) = begin(BufReader::new(MultiGzDecoder::new(reader)))?;
                match kind {
                    FileKind::Text => Ok(Self::Gzip(Box::new(unpacked))),
                    kind => Err(kind.refused()),
                }
            }
            kind => Err(kind.refused()),
        }
    }
}

/// Reads the first bytes, and returns a reader that has them still.
fn begin<R: BufRead>(mut reader: R) -> io::Result<(FileKind, Begun<R>)> {
    let mut head = Vec::new();
    Read::by_ref(&mut reader)
        .take(HEAD)
        .read_to_end(&mut head)?;
    let kind = FileKind::of(&head);
    Ok((kind, Cursor::new(head).chain(reader)))
}

impl<R: BufRead> Read for Input<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self {
            Self::Plain(reader) => reader.read(buffer),
            Self::Gzip(reader) => reader.read(buffer),
        }
    }
}

impl<R: BufRead> BufRead for Input<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        match self {
            Self::Plain(reader) => reader.fill_buf(),
            Self::Gzip(reader) => reader.fill_buf(),
        }
    }

    fn consume(&mut self, amount: usize) {
        match self {
            Self::Plain(reader) => reader.consume(amount),
            Self::Gzip(reader) => reader.consume(amount),
        }
    }
}
