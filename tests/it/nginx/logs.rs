//! The access logs of the guide have the headers of the responses.

use serde_json::Value;
use tower_tracks::header::{Exposed, decode};

use super::{server::Nginx, visitors::Tally};

/// Checks both logs, line by line.
pub(super) fn check(nginx: &Nginx, requests: usize, tally: &Tally) {
    let told: Vec<String> = tally.exposures.iter().flat_map(|text| read(text)).collect();
    let combined = nginx.log("tracks.log", requests);
    // A track that begins with a digit is quoted, and nginx escapes quotes.
    assert!(combined.iter().any(|line| line.contains(r"\x22")));
    let json = nginx.log("tracks.json", requests);
    for (lines, field) in [(combined, last as fn(&str) -> String), (json, member)] {
        assert_eq!(lines.len(), requests);
        let logged = lines.iter().flat_map(|line| read(&field(line)));
        assert_eq!(sorted(logged.collect()), sorted(told.clone()));
    }
}

/// Returns the tracks in a header.
fn read(text: &str) -> Vec<String> {
    let exposed = decode(text).unwrap();
    let show = |Exposed { set, track, .. }| format!("{set}/{track}");
    exposed.into_iter().map(show).collect()
}

/// Returns the last field of a line, which is in quotes and has none.
fn last(line: &str) -> String {
    line.trim_end_matches('"')
        .rsplit('"')
        .next()
        .unwrap()
        .to_owned()
}

fn member(line: &str) -> String {
    let line: Value = serde_json::from_str(line).unwrap();
    assert_eq!(line["status"], 200);
    line["tracks_exposure"].as_str().unwrap().to_owned()
}

fn sorted(mut all: Vec<String>) -> Vec<String> {
    all.sort_unstable();
    all
}
