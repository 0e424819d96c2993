//! Arguments, exit codes, and errors in one line.

use super::{Folder, Ran, small, tracks, tracks_of};

#[test]
fn help_has_the_commands_and_the_exit_codes() {
    let help = Ran::of(&mut tracks(&["--help"]));
    assert_eq!((help.exit, &*help.err), (0, ""));
    for word in [
        "report",
        "plan",
        "assign",
        "verify-log",
        "import",
        "export",
        "merge",
        "erase",
        "--json",
        "TRACKS_STORE",
        "Exit codes:",
        "  4  ",
    ] {
        assert!(help.out.contains(word), "{word}: {}", help.out);
    }
    let version = Ran::of(&mut tracks(&["--version"]));
    assert_eq!(
        version.out,
        concat!("tracks ", env!("CARGO_PKG_VERSION"), "\n")
    );
    assert_eq!(Ran::of(&mut tracks(&[])).exit, 2);
}

#[test]
fn mistakes_are_told_in_one_line() {
    let place = if cfg!(feature = "postgres") {
        "PATH|URL"
    } else {
        "PATH"
    };
    let no_store = format!("no store: say --store {place}, or set TRACKS_STORE");
    Ran::of(&mut tracks(&["report"])).failed(2, &no_store);
    let there_is_none = "there is no store \"/nowhere/at all\"";
    let report = ["report", "--store", "/nowhere/at all"];
    Ran::of(&mut tracks(&report)).failed(1, there_is_none);
    let url = ["report", "--store", "mysql://user:password@host/db"];
    let message = match cfg!(feature = "postgres") {
        true => "a store by URL begins with postgresql://, http:// or https://",
        false => "for this URL, the program has to be built with the feature postgres",
    };
    Ran::of(&mut tracks(&url)).failed(2, message);
    let unknown = "unrecognized subcommand 'verify'; tip: a similar subcommand exists: 'verify-log'; \
                   see --help";
    Ran::of(&mut tracks(&["verify"])).failed(2, unknown);
    let missing = Ran::of(&mut tracks(&["merge"]));
    assert_eq!((missing.exit, missing.err.lines().count()), (2, 1));
    let message = "error: the following required arguments were not provided: <PATH";
    assert!(missing.err.starts_with(message), "{missing:?}");
}

#[test]
fn another_file_is_no_store() {
    let folder = Folder::new();
    let path = folder.join("text");
    std::fs::write(
        &path,
        "this is no database, whatever its name may be".repeat(20),
    )
    .unwrap();
    let ran = Ran::of(&mut tracks_of(&path, &["report"]));
    assert_eq!((ran.exit, ran.err.lines().count()), (1, 1), "{ran:?}");
}

#[cfg(unix)]
#[test]
fn a_closed_output_is_not_an_error() {
    let folder = Folder::new();
    let store = small(&folder);
    let mut command = tracks_of(&store, &["report", "--json"]);
    let mut child = command
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!((output.status.code(), &*output.stderr), (Some(0), &b""[..]));
}
