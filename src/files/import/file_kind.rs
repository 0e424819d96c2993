//! The kind of a file by its first bytes. An unsupported kind is refused at once: its lines would
//! all be bad, without a hint at the cause.

use std::io;

/// The kind of a file, by its first bytes. Its name is not known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum FileKind {
    /// Probably UTF-8 text: the first bytes are those of no other known kind.
    Text,
    Gzip,
    /// Something else, and what to do.
    Other(&'static str, &'static str),
}

const UTF_16: FileKind = FileKind::Other(
    "is UTF-16 or UTF-32",
    "convert it to UTF-8 first, as by `iconv -t UTF-8 -f UTF-16`",
);

/// The first bytes of files that are no lines. That of bzip2 may begin a line but for its second half.
const OTHERS: [(&[u8], FileKind); 6] = [
    (
        b"\x28\xb5\x2f\xfd",
        FileKind::Other("is compressed by zstd", "decompress it first, by `zstd -d`"),
    ),
    (
        b"\xfd7zXZ\0",
        FileKind::Other("is compressed by xz", "decompress it first, by `xz -d`"),
    ),
    (
        b"\x04\x22\x4d\x18",
        FileKind::Other("is compressed by lz4", "decompress it first, by `lz4 -d`"),
    ),
    (
        b"PK\x03\x04",
        FileKind::Other("is a ZIP archive", "unpack it first, by `unzip`"),
    ),
    (
        b"SQLite format 3\0",
        FileKind::Other(
            "is a database of SQLite",
            "merge it with `tracks merge`, if it is a store",
        ),
    ),
    (b"\0\0\xfe\xff", UTF_16),
];

impl FileKind {
    /// Returns what begins with these bytes, of which sixteen are enough.
    pub(super) fn of(head: &[u8]) -> Self {
        if head.starts_with(b"\x1f\x8b") {
            return Self::Gzip;
        }
        if head.starts_with(b"BZh") && head.get(4..10) == Some(b"1AY&SY") {
            return Self::Other(
                "is compressed by bzip2",
                "decompress it first, by `bzip2 -d`",
            );
        }
        let others = OTHERS.iter();
        let mut others = others.filter(|(magic, _)| head.starts_with(magic));
        match others.next() {
            Some((_, kind)) => *kind,
            None if is_utf_16(head) => UTF_16,
            None => Self::Text,
        }
    }

    /// Returns the error of a file that is not read.
    pub(super) fn refused(self) -> io::Error {
        let (what, remedy) = match self {
            Self::Other(what, remedy) => (what, remedy),
            Self::Gzip | Self::Text => (
                "is compressed by gzip twice",
                "decompress it first, by `gzip -d`",
            ),
        };
        let message = format!("the file {what}: {remedy}");
        io::Error::new(io::ErrorKind::InvalidData, message)
    }
}

/// Returns whether text is UTF-16, by its mark or by two characters of ASCII.
fn is_utf_16(head: &[u8]) -> bool {
    let zeros = head
        .first_chunk::<4>()
        .map(|four| four.map(|byte| byte == 0));
    let is_ascii = [[true, false, true, false], [false, true, false, true]];
    head.starts_with(b"\xff\xfe")
        || head.starts_with(b"\xfe\xff")
        || zeros.is_some_and(|zeros| is_ascii.contains(&zeros))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_are_told_by_first_bytes() {
        let what = |head: &[u8]| match FileKind::of(head) {
            FileKind::Text => "text",
            FileKind::Gzip => "gzip",
            FileKind::Other(what, _) => what,
        };
        let utf_16 = "is UTF-16 or UTF-32";
        let cases: [(&[u8], &str); 16] = [
            (b"", "text"),
            (b"{\"type\":\"writer\"", "text"),
            (b"\xef\xbb\xbf{\"type\"", "text"),
            (b"BZh is a line", "text"),
            (b"\0\0\0\0\0\0", "text"),
            (b"\x1f\x8b\x08", "gzip"),
            (b"\x28\xb5\x2f\xfd\x04", "is compressed by zstd"),
            (b"BZh91AY&SY\0", "is compressed by bzip2"),
            (b"\xfd7zXZ\0\0", "is compressed by xz"),
            (b"\x04\x22\x4d\x18", "is compressed by lz4"),
            (b"PK\x03\x04", "is a ZIP archive"),
            (b"SQLite format 3\0", "is a database of SQLite"),
            (b"\xff\xfe{\0", utf_16),
            (b"\xfe\xff\0{", utf_16),
            (b"{\0\"\0t\0", utf_16),
            (b"\0{\0\"\0t", utf_16),
        ];
        for (head, expected) in cases {
            assert_eq!(what(head), expected, "{head:?}");
        }
    }
}
