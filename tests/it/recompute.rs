//! The programs of the guide `src/docs/recompute.md`, as they stand there, choose what this crate
//! chooses.

mod cases;
mod postgres;
mod python;

use std::{
    io::{self, Write},
    process::{Command, Stdio},
};

use tower_tracks::{MultiTrackSet, SimpleTrackSet};

const GUIDE: &str = include_str!("../../src/docs/recompute.md");

/// Returns the only block of code of a language in the guide.
fn program(language: &str) -> &'static str {
    let fence = format!("\n```{language}\n");
    let mut blocks = GUIDE.split(&*fence).skip(1);
    let (block, _) = blocks.next().unwrap().split_once("\n```\n").unwrap();
    assert!(blocks.next().is_none(), "{language} has several blocks");
    block
}

/// Runs a program on what it reads, and returns what it prints.
fn run(command: &mut Command, input: &str) -> String {
    let command = command.stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut child = command.stderr(Stdio::piped()).spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let input = input.to_owned();
    let writer = std::thread::spawn(move || stdin.write_all(input.as_bytes()));
    let output = child.wait_with_output().unwrap();
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{errors}");
    writer.join().unwrap().unwrap();
    String::from_utf8(output.stdout).unwrap()
}

/// Writes past the capture of the test harness, which would hide it where the test passes.
fn report_skipped(why: &str) {
    let message = format!("\nSKIPPED: recomputing assignments elsewhere: {why}\n");
    let written = writeln!(io::stderr(), "{message}");
    written.unwrap_or_else(|error| panic!("{message} ({error})"));
}

/// Returns the definitions of the guide's group, as this crate writes them.
fn sets_of_the_guide() -> String {
    let pricing = SimpleTrackSet::new("pricing").track("cheap", -1);
    let delay = SimpleTrackSet::new("delay").track("short", 500);
    let group = MultiTrackSet::builder()
        .add(pricing.track("expensive", 1))
        .add(delay.track("long", 2000))
        .build()
        .unwrap();
    serde_json::to_string(&group.sets().collect::<Vec<_>>()).unwrap()
}

#[test]
fn the_guide_is_about_this_crate() {
    assert!(program("python").contains("def assign("));
    assert!(program("sql").contains("CREATE FUNCTION tracks_assign("));
    assert!(sets_of_the_guide().contains(r#""salt":"delay""#));
}
