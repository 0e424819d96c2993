//! A disk that is full in the middle of a line, as the operating system plays it: by a limit to the
//! size of files, in a process of its own.
#![cfg(unix)]

use std::{
    env, fs,
    process::Command,
    time::{Duration, Instant},
};

use tower_tracks::record::JsonLines;

use super::{Folder, at, builder, delay, expose, units};

/// The file that the limited process is to write.
const VARIABLE: &str = "TRACKS_TEST_FULL_DISK";

#[test]
fn a_partial_write_is_removed() {
    if let Some(path) = env::var_os(VARIABLE) {
        return write_until_full(&path.into_string().unwrap());
    }
    let folder = Folder::new();
    let path = folder.join("tracks.jsonl");
    // The signal of the limit would end the process; ignored, it is an error of the write.
    let limited = "trap '' XFSZ; ulimit -f 16; exec \"$0\" \"$@\"";
    let name = "sinks::partial::a_partial_write_is_removed";
    let output = Command::new("bash")
        .args(["-c", limited])
        .arg(env::current_exe().unwrap())
        .args(["--exact", name, "--nocapture"])
        .env(VARIABLE, &path)
        .output()
        .unwrap();
    let told = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{told}");
    let text = fs::read_to_string(&path).unwrap();
    assert!(text.ends_with("}\n") && text.len() > 1_000);
    for line in text.lines() {
        let line: serde_json::Value = serde_json::from_str(line).unwrap();
        assert_eq!(line["v"], 1);
    }
}

fn write_until_full(path: &str) {
    let recorder = builder(units()).batch(10).sink(JsonLines::new(path));
    let recorder = recorder.start().unwrap();
    let (sets, began) = (delay(), Instant::now());
    // A flush fails once there is no room.
    for n in 0.. {
        assert!(began.elapsed() < Duration::from_secs(60));
        expose(&recorder, &sets, &n.to_string(), at(0));
        if let Err(error) = recorder.flush().wait() {
            assert!(error.reason.contains("File too large"), "{error}");
            break;
        }
    }
    let length = fs::metadata(path).unwrap().len();
    // It is tried again, and in vain.
    let _ = recorder.flush().wait();
    assert_eq!(fs::metadata(path).unwrap().len(), length);
    let tally = recorder.shutdown(Duration::from_millis(100)).wait();
    let tally = tally.get("json-lines").unwrap();
    assert_eq!((tally.waiting(), tally.dropped > 0), (0, true));
}
