//! How much memory an import takes, whatever a file has.

use std::io::{BufReader, Read, Write};

use allocation_counter::measure;
use flate2::{Compression, write::GzEncoder};
use tower_tracks::{
    files::{Import, Imported},
    store::{Attribute, Batch, Memory, Store, StoreError},
};

/// The bytes of a long line, which is a little less than the longest.
const LONG: usize = 3_900_000;

/// The most memory in bytes: a few lines, as one is read, drafted, and quoted in a reason.
const MOST: u64 = 30_000_000;

/// A store that drops all rows.
#[derive(Debug, Default)]
struct Forgetful(Memory);

macro_rules! ask_memory {
    ($($name:ident($($argument:ident: $type:ty),*) -> $answer:ty;)*) => {$(
        fn $name(&self, $($argument: $type),*) -> Result<$answer, StoreError> {
            self.0.$name($($argument),*)
        }
    )*};
}

impl Attribute for Forgetful {
    ask_memory! {
        attribute(question: &tower_tracks::store::Question)
            -> Option<tower_tracks::store::Attribution>;
    }
}

impl Store for Forgetful {
    fn write(&self, batch: &Batch) -> Result<tower_tracks::store::Written, StoreError> {
        assert!(batch.definitions.len() <= 2 && batch.rows() <= 4096);
        Ok(Default::default())
    }

    ask_memory! {
        claim(units: &str) -> ();
        phases() -> Vec<tower_tracks::store::Phase>;
        goals() -> Vec<tower_tracks::Goal>;
        conversions_by_day(as_of: tower_tracks::store::Timestamp)
            -> std::collections::BTreeMap<(tower_tracks::Goal, i32), u64>;
        overlap(
            phase: &tower_tracks::store::PhaseName,
            previous: Option<(&tower_tracks::store::PhaseName, std::time::Duration)>,
            as_of: tower_tracks::store::Timestamp
        ) -> tower_tracks::store::Overlap;
        sums(phase: &tower_tracks::store::PhaseName) -> std::collections::BTreeMap<
            (tower_tracks::store::TrackName, u16), tower_tracks::store::RequestSums>;
        latencies(phase: &tower_tracks::store::PhaseName) -> std::collections::BTreeMap<
            (tower_tracks::store::TrackName, u8, u8), u64>;
        losses() -> Vec<tower_tracks::store::Loss>;
        history(unit: tower_tracks::unit::Unit) -> tower_tracks::store::History;
        erase(erased: tower_tracks::store::ErasedRow) -> u64;
        retain(
            before: tower_tracks::store::Timestamp,
            running: &[tower_tracks::store::PhaseName]
        ) -> u64;
        dump(each: &mut dyn FnMut(Batch) -> Result<(), StoreError>) -> ();
        put_readout(readout: &tower_tracks::store::Readout) -> ();
        readouts(kind: &str) -> Vec<tower_tracks::store::Readout>;
    }
}

/// Imports what a reader has; returns what became of it and the most memory that it took.
fn import(reader: impl Read) -> (Imported, u64) {
    let mut imported = None;
    let taken = measure(|| {
        let lines = Import::json_lines(BufReader::new(reader));
        imported = Some(lines.into_store(&Forgetful::default()).unwrap());
    });
    (imported.unwrap(), taken.bytes_max)
}

/// Repeats a line without holding the repetitions.
fn repeated(line: &str, times: u64) -> impl Read + '_ {
    let lines = (0..times).map(move |_| line.as_bytes());
    lines.fold(Box::new(std::io::empty()) as Box<dyn Read>, |all, line| {
        Box::new(all.chain(line))
    })
}

#[test]
fn a_batch_is_bounded_by_bytes() {
    let text = "x".repeat(LONG);
    let fingerprint = "0".repeat(64);
    let line = format!(
        r#"{{"type":"definition","v":1,"at":1,"set":{{"name":"delay","phase":1,"unit":"visitor","tracks":[],"fingerprint":"{fingerprint}","more":"{text}"}}}}"#
    ) + "\n";
    let (imported, taken) = import(repeated(&line, 10));
    assert_eq!((imported.lines, imported.bad), (10, 0), "{imported}");
    assert!(taken < MOST, "{taken} bytes");
}

/// Reasons quote what is wrong, and the first hundred are kept.
#[test]
fn reasons_are_bounded() {
    let goal = "A".repeat(LONG);
    let (unit, id) = ("0".repeat(32), "0".repeat(32));
    let line = format!(
        r#"{{"type":"conversion","v":1,"goal":"{goal}","kind":"visitor","unit":"{unit}","id":"{id}","at":1,"value":0}}"#
    ) + "\n";
    let (imported, taken) = import(repeated(&line, 12));
    assert_eq!(imported.bad, 12);
    assert!(
        imported
            .bad_lines
            .iter()
            .all(|bad| bad.reason.chars().count() <= 301)
    );
    assert!(taken < MOST, "{taken} bytes");
}

/// 64 MiB of one line, and as many of zeros, are a few kilobytes of gzip.
#[test]
fn unpacked_gzip_is_not_held_in_memory() {
    let mut packed = GzEncoder::new(Vec::new(), Compression::best());
    let part = vec![b'x'; 1 << 20];
    (0..64).for_each(|_| packed.write_all(&part).unwrap());
    packed.write_all(b"\n").unwrap();
    let part = vec![0; 1 << 20];
    (0..64).for_each(|_| packed.write_all(&part).unwrap());
    let packed = packed.finish().unwrap();
    assert!(packed.len() < 200_000);
    let (imported, taken) = import(&*packed);
    assert_eq!((imported.lines, imported.bad), (2, 2), "{imported}");
    assert!(taken < MOST, "{taken} bytes");
}
