//! What files are by their first bytes.

use std::io::Write;

use flate2::{Compression, write::GzEncoder};
use tower_tracks::{
    files::{AccessLog, Import, Imported},
    store::Memory,
};

use super::check_bad;

/// Returns the exposure of a unit that ends with a digit.
fn exposure(digit: u32) -> String {
    let unit = format!("eb663c7832d3a67138ebe4e1429c492{digit}");
    format!(
        r#"{{"type":"exposure","v":1,"set":"delay","phase":1,"kind":"visitor","track":"long","control":false,"unit":"{unit}","at":1773221213000000}}"#
    ) + "\n"
}

fn import(file: &[u8]) -> Imported {
    let import = Import::json_lines(file);
    import.into_store(&Memory::default()).unwrap()
}

fn gzip(text: &str) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(text.as_bytes()).unwrap();
    encoder.finish().unwrap()
}

#[track_caller]
fn refused(file: &[u8]) -> String {
    let import = Import::json_lines(file);
    let error = import.into_store(&Memory::default()).unwrap_err();
    std::error::Error::source(&error).unwrap().to_string()
}

#[test]
fn a_byte_order_mark_costs_no_line() {
    let text = format!("\u{feff}{}{}", exposure(1), exposure(2));
    let imported = import(text.as_bytes());
    check_bad(&imported, &[]);
    assert_eq!(imported.written.exposures.new, 2);
    // Also of the second of two files that were joined.
    assert_eq!(import(text.repeat(2).as_bytes()).written.exposures.known, 2);
}

/// Log shippers and `cat` make members one after the other.
#[test]
fn gzip_is_read_in_all_of_its_members() {
    let line = exposure(1);
    let (first, second) = line.split_at(20);
    let members = [gzip(first), gzip(second), gzip(&exposure(2))];
    let imported = import(&members.concat());
    check_bad(&imported, &[]);
    assert_eq!(imported.written.exposures.new, 2);
    let marked = gzip(&format!("\u{feff}{}", exposure(1)));
    assert_eq!(import(&marked).written.exposures.new, 1);
    let log = gzip("nothing in quotes\n");
    let log = Import::access_log(&*log, AccessLog::combined());
    assert_eq!(log.into_store(&Memory::default()).unwrap().bad, 1);
}

#[test]
fn gzip_that_ends_early_is_an_error() {
    let file = gzip(&exposure(1).repeat(100));
    assert!(!refused(&file[..file.len() - 10]).is_empty());
}

#[test]
fn unreadable_files_are_named_with_the_remedy() {
    let utf_16: Vec<u8> = exposure(1)
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    let cases = [
        (utf_16, "UTF-16", "iconv -t UTF-8"),
        (b"\x28\xb5\x2f\xfd\x04".to_vec(), "zstd", "zstd -d"),
        (b"BZh91AY&SY".to_vec(), "bzip2", "bzip2 -d"),
        (b"\xfd7zXZ\0\0".to_vec(), "xz", "xz -d"),
        (b"SQLite format 3\0".to_vec(), "SQLite", "tracks merge"),
        (gzip("BZh91AY&SY"), "bzip2", "bzip2 -d"),
    ];
    for (file, what, remedy) in cases {
        let error = refused(&file);
        assert!(error.contains(what) && error.contains(remedy), "{error}");
    }
}

/// The line after them is read, and those in their place are lost.
#[test]
fn zero_bytes_are_told_and_passed_over() {
    let zeros = "\0".repeat(5_000);
    let text = [&exposure(1), &*zeros, &exposure(2), &exposure(3), &zeros].concat();
    let imported = import(text.as_bytes());
    let reason = "it begins with zero bytes, which a loss of power can leave instead of lines";
    check_bad(&imported, &[(2, reason), (4, reason)]);
    assert_eq!(imported.written.exposures.new, 3);
}
