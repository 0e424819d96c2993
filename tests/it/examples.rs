//! The examples do what they say they do.

mod binary;
mod browser;
mod microservices;
#[cfg(unix)]
mod open_shop;
#[cfg(unix)]
mod operated;
#[cfg(unix)]
mod records;
#[cfg(unix)]
mod shop;
mod split;
#[cfg(unix)]
mod traffic;
mod webhook;

// The shop's own sets, as they stand in the example.
#[allow(dead_code)]
#[path = "../../examples/coconuts/catalog.rs"]
mod catalog;
#[allow(dead_code)]
#[path = "../../examples/coconuts/sets.rs"]
mod sets;
#[allow(dead_code)]
#[path = "../../examples/coconuts/visitor.rs"]
mod visitor;

// The receiver of the example `webhook`.
#[path = "../../examples/webhook/receiver.rs"]
mod receiver;

/// Runs an example that ends by itself, and checks that it printed these lines.
#[track_caller]
fn check(example: &str, lines: &[&str]) {
    let output = binary::command(example).output().unwrap();
    let stdout = String::from_utf8(output.stdout).unwrap();
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(0), "{stdout}{stderr}");
    assert_eq!(stderr, "");
    for line in lines {
        assert!(stdout.lines().any(|found| found == *line), "{stdout}");
    }
}

/// Returns the command that runs an example.
pub(crate) fn example(name: &str) -> std::process::Command {
    binary::command(name)
}

#[test]
fn jobs() {
    check(
        "jobs",
        &[
            "to ana@example.com: Have you had a coconut this week?",
            "  exposure subject/question run=01010101-0101-4101-8101-010101010101",
            "to dora@example.com: This week at the coconut shop",
            "to hana@example.com: Three coconuts for the price of two",
        ],
    );
}

#[test]
fn plain_tower() {
    check(
        "plain_tower",
        &[
            "/        alice  greeting=brief     Hi.",
            "/        bob    greeting=control   Hello.",
            "/        carol  greeting=warm      Good to see you!",
            "/health  alice  -                  healthy",
        ],
    );
}

#[test]
fn grpc() {
    check(
        "grpc",
        &[
            "alice  pricing=adjusted_by_0    5 euros",
            "bob    pricing=adjusted_by_1    6 euros",
            "dave   pricing=adjusted_by_-1   4 euros",
        ],
    );
}

#[test]
fn typed() {
    let output = binary::command("typed").output().unwrap();
    assert!(output.status.success(), "{output:?}");
    let stdout = String::from_utf8(output.stdout).unwrap();
    let track = |who: &str| {
        let line = stdout.lines().find(|line| line.starts_with(who))?;
        line[who.len()..].split_whitespace().next()
    };
    for visitor in 1..=8 {
        let track = track(&format!("visitor {visitor}  ")).unwrap();
        let is_of_set = ["pricing=", "delay="]
            .iter()
            .any(|set| track.starts_with(set));
        assert!(is_of_set, "{stdout}");
    }
    assert_eq!(track("visitor 1  "), track("visitor 1 again"), "{stdout}");
    assert_eq!(track("a VIP"), Some("-"), "{stdout}");
}
