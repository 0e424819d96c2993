//! Any bytes as a file of lines, and as access logs.

use std::io::BufReader;

use tower_tracks::{
    SimpleTrackSet,
    files::{AccessLog, Import, Imported},
    store::{Memory, Store},
};

/// What can be read is read once: to import it again changes nothing.
pub(crate) fn run(data: &[u8]) {
    imported(data);
}

/// Returns what became of it, in each format.
pub(crate) fn imported(data: &[u8]) -> [Imported; 5] {
    let delay = SimpleTrackSet::new("a").track("b", 1).build().unwrap();
    // In small pieces, as a network has them.
    let reader = || BufReader::with_capacity(7, data);
    let log = |format| Import::access_log(reader(), format).sets(delay.sets());
    [
        twice(|| Import::json_lines(reader())),
        twice(|| log(AccessLog::combined())),
        twice(|| log(AccessLog::json())),
        twice(|| log(AccessLog::json().header("a.b").time("t"))),
        twice(|| log(AccessLog::haproxy().utc_offset(0))),
    ]
}

fn twice<'d>(import: impl Fn() -> Import<BufReader<&'d [u8]>>) -> Imported {
    let store = Memory::default();
    let Ok(first) = import().into_store(&store) else {
        // Two writers had two secrets.
        return Imported::default();
    };
    let phases = store.phases().unwrap();
    let second = import().into_store(&store).unwrap();
    assert_eq!(second.written.total().new, 0);
    assert_eq!((second.lines, second.bad), (first.lines, first.bad));
    assert_eq!(store.phases().unwrap(), phases);
    first
}
