//! Several processes with one file, and one that is killed.

use std::{
    env,
    io::{BufRead, BufReader},
    process::{Child, Command, Stdio},
};

use tower_tracks::store::{Sqlite, Store};

use super::{directory::Directory, facts::exposures};

/// In the environment of a process that a test started: the file.
const FILE: &str = "TRACKS_TEST_SQLITE";

/// Starts this very test once more, as another process.
fn start(test: &str, directory: &Directory) -> Child {
    let test = format!("record::sqlite::processes::{test}");
    Command::new(env::current_exe().unwrap())
        .args([&*test, "--exact", "--nocapture"])
        .env(FILE, directory.file())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap()
}

/// Each process creates the tables if necessary, and writes the same facts.
#[test]
fn processes_that_open_a_file_at_once() {
    if let Some(file) = env::var_os(FILE) {
        let store = Sqlite::open(file).unwrap();
        store.write(&exposures(0..1000)).unwrap();
        return;
    }
    for _ in 0..10 {
        let directory = Directory::new();
        let all: Vec<Child> = (0..8)
            .map(|_| start("processes_that_open_a_file_at_once", &directory))
            .collect();
        for child in all {
            let output = child.wait_with_output().unwrap();
            assert!(output.status.success(), "{output:?}");
        }
        let store = Sqlite::open(directory.file()).unwrap();
        let written = store.write(&exposures(0..1000)).unwrap();
        assert_eq!(written.exposures.known, 1000);
    }
}

/// What it said that it wrote is there.
#[test]
fn a_process_that_is_killed() {
    const BATCH: u32 = 100;
    if let Some(file) = env::var_os(FILE) {
        let store = Sqlite::open(file).unwrap();
        for batch in 0.. {
            let units = batch * BATCH..(batch + 1) * BATCH;
            store.write(&exposures(units)).unwrap();
            // On a line of its own, whatever the test runner has begun.
            println!("\nwritten {batch}");
        }
    }
    let directory = Directory::new();
    let mut child = start("a_process_that_is_killed", &directory);
    let lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let lines = lines.map(|line| line.unwrap());
    let mut batches = lines.filter_map(|line| line.strip_prefix("written ")?.parse::<u32>().ok());
    assert_eq!(batches.nth(20), Some(20));
    child.kill().unwrap();
    child.wait().unwrap();
    let last = batches.last().unwrap_or(20);
    let store = Sqlite::open(directory.file()).unwrap();
    let written = store.write(&exposures(0..(last + 1) * BATCH)).unwrap();
    assert_eq!(written.exposures.new, 0);
}
