//! Any bytes as the cache of changes: as they are, with the right tag, and as a part of a genuine file.

#[allow(clippy::duplicate_mod, reason = "each target is a program of its own")]
#[path = "changes/temporary.rs"]
mod temporary;

use std::time::Duration;

use sha2::{Digest, Sha256};
use tower_tracks::{
    SimpleTrackSet, TracksLayer,
    control::{Act, Appended, Change, ChangeLog, Changes, Controls, Draft},
    store::{StoreError, StoreErrorKind, Timestamp},
};

use self::temporary::Temporary;

const SECRET: &[u8] = b"0123456789abcdef";

/// The first byte is the kind of file, the second one a place in it.
pub(crate) fn run(data: &[u8]) {
    let [kind, at, rest @ ..] = data else { return };
    let genuine = genuine();
    match kind % 3 {
        0 => assert_eq!(read(rest), []),
        1 => check_json(rest),
        _ => {
            let at = usize::from(*at).min(genuine.len());
            let end = (at + rest.len()).min(genuine.len());
            let file = [&genuine[..at], rest, &genuine[end..]].concat();
            assert_eq!(read(&file).len(), usize::from(file == genuine));
        }
    }
}

/// With the right tag, the JSON decides: another version of the program may have written it.
fn check_json(json: &[u8]) {
    let known = read(&tagged(json));
    assert_eq!(known, changes(json).unwrap_or_default());
}

/// Returns the changes of a cache; none if it is not the JSON of one.
pub(crate) fn changes(json: &[u8]) -> Option<Vec<Change>> {
    #[derive(serde::Deserialize)]
    struct Cached {
        changes: Vec<Change>,
        #[serde(rename = "last")]
        _last: u64,
        #[serde(rename = "at")]
        _at: Timestamp,
    }

    let cached: Cached = serde_json::from_str(str::from_utf8(json).ok()?).ok()?;
    Some(cached.changes)
}

/// Returns what a program knows that starts with this file while the log fails.
fn read(file: &[u8]) -> Vec<Change> {
    let file = Temporary::new(file);
    let controls = Controls::builder(Down).every(Duration::from_secs(3600));
    let controls = controls.cache(&file.0, SECRET).unwrap().start().unwrap();
    let delay = SimpleTrackSet::new("delay").track("long", 2000);
    let _layer = TracksLayer::new(delay.build().unwrap()).controls(&controls);
    let share = controls.set("delay").unwrap().state().share;
    assert!((0.0..=1.0).contains(&share), "{share}");
    assert!(!controls.is_loaded());
    controls.changes()
}

/// Returns a file as a program writes it that paused a set.
fn genuine() -> Vec<u8> {
    let at = Timestamp::from_micros(1_000_000);
    let pause = Draft::new("delay", 1, Act::Pause, "alice", "errors").numbered(1, at);
    let pause = serde_json::to_string(&pause).unwrap();
    let json = format!(r#"{{"changes":[{pause}],"last":1,"at":1000000}}"#);
    tagged(json.as_bytes())
}

/// Returns JSON with its tag.
fn tagged(json: &[u8]) -> Vec<u8> {
    let key = hmac(SECRET, &[b"tower-tracks changes v1\x01"]);
    let length = format!("{}:", json.len());
    let tag = hmac(&key, &[length.as_bytes(), json, b","]);
    let digits = tag[..16].iter().map(|byte| format!("{byte:02x}"));
    [digits.collect::<String>().as_bytes(), b"\n", json].concat()
}

/// The HMAC of RFC 2104, with a key that is no longer than a block.
fn hmac(key: &[u8], message: &[&[u8]]) -> [u8; 32] {
    let padded = |pad: u8| -> [u8; 64] {
        std::array::from_fn(|index| key.get(index).copied().unwrap_or_default() ^ pad)
    };
    let inner = Sha256::new().chain_update(padded(0x36));
    let inner = message
        .iter()
        .fold(inner, |inner, part| inner.chain_update(part));
    let outer = Sha256::new().chain_update(padded(0x5c));
    outer.chain_update(inner.finalize()).finalize().into()
}

/// A log that cannot be reached.
struct Down;

impl ChangeLog for Down {
    fn after(&self, _: u64) -> Result<Changes, StoreError> {
        Err(down())
    }

    fn append(&self, _: &Draft, _: u64) -> Result<Appended, StoreError> {
        Err(down())
    }
}

fn down() -> StoreError {
    StoreError::new(StoreErrorKind::Unavailable, "no route to host")
}
