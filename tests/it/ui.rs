//! Compile errors name the remedy. Programs that compile are in `tests/ui/pass/`, and each
//! file a test of cargo: with one of them here, trybuild would generate code for all dependencies
//! instead of checking them.

use std::{
    env,
    io::{self, Write},
    process::Command,
};

use trybuild::TestCases;

/// The compiler whose wording the snapshots have.
const PINNED: &str = "1.95";

#[test]
#[ignore = "it checks all dependencies anew, which takes minutes; the gate runs it"]
fn ui() {
    let version = rustc_version();
    if is_pinned(&version) {
        let cases = TestCases::new();
        cases.compile_fail("tests/ui/assign/*.rs");
        cases.compile_fail("tests/ui/derive/*.rs");
        cases.compile_fail("tests/ui/middleware/*.rs");
        cases.compile_fail("tests/ui/record/*.rs");
    } else {
        report_skipped(&version);
    }
}

/// Returns what `rustc --version` prints: `rustc 1.95.0 (59807616e 2026-04-14)`.
fn rustc_version() -> String {
    let rustc = env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    match Command::new(rustc).arg("--version").output() {
        Ok(output) => String::from_utf8_lossy(&output.stdout).trim().to_owned(),
        Err(error) => format!("unknown: {error}"),
    }
}

/// Whether this is a stable compiler of the pinned minor version.
fn is_pinned(version: &str) -> bool {
    let number = version.split_whitespace().nth(1).unwrap_or_default();
    let (major_minor, patch) = number.rsplit_once('.').unwrap_or_default();
    major_minor == PINNED && patch.bytes().all(|byte| byte.is_ascii_digit())
}

/// Writes past the capture of the test harness, which would hide it where the test passes.
fn report_skipped(version: &str) {
    let message = format!(
        "\nSKIPPED: the snapshots of compile errors in tests/ui are those of rustc {PINNED}; \
         this one is {version:?}\n"
    );
    let written = writeln!(io::stderr(), "{message}");
    written.unwrap_or_else(|error| panic!("{message} ({error})"));
}

#[test]
fn versions() {
    assert!(is_pinned("rustc 1.95.0 (59807616e 2026-04-14)"));
    assert!(is_pinned("rustc 1.95.1"));
    for other in [
        "rustc 1.96.0 (0 2026-05-28)",
        "rustc 1.95.0-beta.3 (0 2026-04-01)",
        "rustc 1.9.0",
        "unknown: not found",
        "",
    ] {
        assert!(!is_pinned(other), "{other}");
    }
}
