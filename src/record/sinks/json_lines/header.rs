//! The first line of a file, by which it is recognised. A foreign file is never written or removed.

use std::{
    fs::File,
    io::{self, BufRead, BufReader, Read, Seek, SeekFrom},
    path::Path,
};

use crate::{
    disk::open_unfollowed,
    store::{
        Timestamp,
        facts::line::{FORMAT, FileLine, Head, WriterLine},
    },
};

/// The number of bytes up to which the first line of a file is read.
const LONGEST: u64 = 1024 * 1024;

/// How the first line of a file begins: with its header, or with its writer, as in files of earlier
/// versions of this crate.
const BEGINNINGS: [&[u8]; 2] = [
    br#"{"type":"file","v":1,"format":"tower-tracks","at":"#,
    br#"{"type":"writer","v":1,"uuid":""#,
];

/// Returns when the file at a path was begun, if it is a file of this sink.
pub(super) fn begun_at(path: &Path) -> io::Result<Timestamp> {
    let mut file = open_unfollowed(File::options().read(true), path)?;
    let line = first_line(&mut file)?;
    recognised(&line)
}

/// Returns the first line of a file, without its end, as far as it is read.
pub(super) fn first_line(file: &mut File) -> io::Result<Vec<u8>> {
    let mut line = Vec::new();
    file.seek(SeekFrom::Start(0))?;
    // A foreign file may be one line of any length.
    BufReader::new(Read::by_ref(file).take(LONGEST)).read_until(b'\n', &mut line)?;
    if line.last() == Some(&b'\n') {
        line.pop();
    }
    Ok(line)
}

/// Returns when a file with this first line was begun, or the error of a file of something else.
pub(super) fn recognised(line: &[u8]) -> io::Result<Timestamp> {
    // Before the rest of the line, so that a later version is distinguished from a foreign file.
    let head: Head<'_> = serde_json::from_slice(line).map_err(|_| foreign())?;
    let at = match (&*head.kind, head.v) {
        ("file", 1) => serde_json::from_slice::<FileLine<'_>>(line)
            .ok()
            .filter(|header| header.format == FORMAT)
            .map(|header| header.at),
        ("writer", 1) => serde_json::from_slice::<WriterLine<'_>>(line)
            .ok()
            .map(|writer| writer.at),
        ("file", version) if is_of_this_format(line) => return Err(newer(version)),
        _ => None,
    };
    at.map(Timestamp::from_micros).ok_or_else(foreign)
}

/// Returns whether the first line of a file, which a crash tore, was one of this sink.
pub(super) fn is_torn_beginning(text: &[u8]) -> bool {
    let mut beginnings = BEGINNINGS.iter();
    beginnings.any(|beginning| agrees(text, beginning))
}

/// Returns whether a text begins in this way, so far as it goes.
pub(super) fn agrees(text: &[u8], beginning: &[u8]) -> bool {
    text.starts_with(beginning) || beginning.starts_with(text)
}

/// The error of a file with other content.
pub(super) fn foreign() -> io::Error {
    let message = "its first line is not that of a file of exposures and conversions, so nothing is \
                   written to it; choose another path, or move the file away";
    io::Error::new(io::ErrorKind::InvalidData, message)
}

/// The error of a file of a later version.
fn newer(version: u32) -> io::Error {
    let message = format!(
        "its format is version {version}, and this version of the crate supports version 1; choose \
         another path, or update the crate"
    );
    io::Error::new(io::ErrorKind::InvalidData, message)
}

/// Returns whether a header is of this format, in any version.
fn is_of_this_format(line: &[u8]) -> bool {
    let header = serde_json::from_slice::<serde_json::Value>(line);
    header.is_ok_and(|header| header["format"] == FORMAT)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn first_lines_tell_whose_a_file_is() {
        let ours = [
            (
                r#"{"type":"file","v":1,"format":"tower-tracks","at":7,"more":1}"#,
                7,
            ),
            (
                r#"{"type":"writer","v":1,"uuid":"0b45fdb4a1b1c9ea2b2f2a2b7c0d6c51","node":"a","units":"raw","at":8}"#,
                8,
            ),
        ];
        for (line, at) in ours {
            assert_eq!(recognised(line.as_bytes()).unwrap().as_micros(), at);
        }
        for foreign in [
            "",
            "notes",
            "{}",
            r#"{"type":"request","v":1}"#,
            r#"{"type":"alias","v":1}"#,
            r#"{"type":"writer","v":1}"#,
            r#"{"type":"file","v":1,"format":"somebody's","at":7}"#,
            r#"{"type":"file","v":2,"format":"somebody's","at":7}"#,
        ] {
            let error = recognised(foreign.as_bytes()).unwrap_err().to_string();
            assert!(
                error.starts_with("its first line is not that of"),
                "{foreign}: {error}"
            );
        }
        let newer = br#"{"type":"file","v":2,"format":"tower-tracks"}"#;
        let error = recognised(newer).unwrap_err().to_string();
        assert!(error.starts_with("its format is version 2"), "{error}");
    }
}
