//! The decompression of a file. Its name is not known, so its first bytes decide.

use std::io::{self, BufRead, BufReader, Chain, Cursor, Read};

use flate2::bufread::MultiGzDecoder;

use super::file_kind::FileKind;

/// The number of bytes that identify the format of a file.
const HEAD: u64 = 16;

/// A reader of which the first bytes were read before.
type Begun<R> = Chain<Cursor<Vec<u8>>, R>;

/// Returns the reader of lines: of the file itself, or of its decompressed content.
pub(super) fn open<'r>(reader: impl BufRead + 'r) -> io::Result<Box<dyn BufRead + 'r>> {
    match begin(reader)? {
        (FileKind::Text, reader) => Ok(Box::new(reader)),
        // A joined log has several members, which a decoder of one would not read to the end.
        (FileKind::Gzip, packed) => match begin(BufReader::new(MultiGzDecoder::new(packed)))? {
            (FileKind::Text, reader) => Ok(Box::new(reader)),
            (kind, _) => Err(kind.refused()),
        },
        (kind, _) => Err(kind.refused()),
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
