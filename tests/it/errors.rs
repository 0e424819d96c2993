//! What a program prints of the crate's errors when its `main` returns them: their message, and
//! causes, whichever of `Display` and `Debug` it uses.

use std::{env, error::Error, fs, io, path::Path, process::Command, sync::Arc, time::SystemTime};

use tower_tracks::{
    DefinitionError, Goal, Key, SimpleTrackSet, Units,
    dashboard::{BasicAuth, BasicAuthError},
    header::decode,
    middleware::{Force, Mask, Override},
    record::{Recorder, SinkError},
    stats::NoAnswer,
    store::{Memory, StoreError, StoreErrorKind},
    unit::SecretError,
};

/// A variable that is set for a process of its own alone.
const VARIABLE: &str = "TRACKS_TEST_SECRET";

/// Returns all Rust files below a folder.
fn sources(folder: &Path, found: &mut Vec<String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        match path.is_dir() {
            true => sources(&path, found),
            false if path.extension().is_some_and(|extension| extension == "rs") => {
                found.push(fs::read_to_string(&path).unwrap());
            }
            false => {}
        }
    }
}

/// Returns the names after a text, up to the end of the word.
fn names_after<'a>(source: &'a str, text: &str) -> Vec<&'a str> {
    let rest = source.split(text).skip(1);
    rest.map(|rest| {
        let end = rest.find(|it: char| !it.is_alphanumeric() && it != '$');
        rest.split_at(end.unwrap_or(rest.len())).0
    })
    .collect()
}

#[test]
fn every_error_shows_its_message_as_debug() {
    let mut files = Vec::new();
    sources(
        Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/src")),
        &mut files,
    );
    let mut errors = 0;
    for source in &files {
        for name in names_after(source, "error::Error for ") {
            // A macro has its types in its call, as `debug_as_message` has.
            let macro_of_errors =
                name == "$rejection" && source.contains("debug_as_message!(Missing");
            let shows = source.contains(&format!("debug_as_message!({name});"));
            assert!(macro_of_errors || shows, "add `debug_as_message!({name});`");
            errors += 1;
        }
    }
    assert!(errors >= 18, "only {errors} errors were found");
}

/// Checks that `Debug` is the message, followed by the causes.
#[track_caller]
fn check(error: &dyn Error) {
    let mut expected = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        expected = format!("{expected}: {error}");
        cause = error.source();
    }
    assert_eq!(format!("{error:?}"), expected);
    let braces = ['{', '}'];
    assert!(!expected.contains(braces), "{expected} has the fields");
}

#[test]
fn debug_is_the_message_and_its_causes() {
    let definition = SimpleTrackSet::new("A").track("b", 1).build().unwrap_err();
    check(&definition);
    check(&Units::pseudonym("short").unwrap_err());
    check(&Goal::new("a b").unwrap_err());
    check(&decode("=").unwrap_err());
    let overrides = Override::new("0123456789abcdef").unwrap();
    let force = Force::new("a b", "c", SystemTime::now());
    check(&overrides.mint(&force).unwrap_err());
    check(&overrides.verify("x", SystemTime::now()).unwrap_err());
    check(&NoAnswer::NoUnits);
    let disk = StoreError::new(StoreErrorKind::Other, "cannot write the file")
        .caused_by(io::Error::other("the disk is gone"));
    assert_eq!(
        format!("{disk:?}"),
        "cannot write the file: the disk is gone"
    );
    check(&disk);
    check(&SinkError::refused("no"));
    check(&BasicAuth::new("", "").unwrap_err());
}

/// As `main` does.
#[test]
fn a_boxed_error_is_printed_as_its_message() {
    let error: Box<dyn Error> = SimpleTrackSet::new("A")
        .track("b", 1)
        .build()
        .unwrap_err()
        .into();
    let message = DefinitionError::SetName { set: "A".into() }.to_string();
    assert_eq!(format!("Error: {error:?}"), format!("Error: {message}"));
}

#[test]
fn another_secret_names_the_remedy() {
    let store = Arc::new(Memory::default());
    let start = |secret: &str| {
        let units = Units::pseudonym(secret).unwrap();
        Recorder::builder(units).store(store.clone()).start()
    };
    start("0123456789abcdef").unwrap();
    let error = start("fedcba9876543210").unwrap_err();
    let shown = format!("{error:?}");
    assert_eq!(shown, error.to_string());
    for part in [
        "start with the secret",
        "TRACKS_SECRET",
        "begin another store",
    ] {
        assert!(shown.contains(part), "{shown}");
    }
}

/// Asks everything that reads a secret from the environment.
fn from_env() -> [Result<(), SecretError>; 3] {
    [
        Units::from_env(VARIABLE).map(drop),
        Override::from_env(VARIABLE).map(drop),
        Mask::from_env(VARIABLE).map(drop),
    ]
}

#[test]
fn a_missing_secret_names_the_variable_and_the_remedy() {
    for refused in from_env() {
        let message = "TRACKS_TEST_SECRET is not set; set it to at least 16 random bytes, such as \
                       those of `openssl rand -hex 32`";
        assert_eq!(format!("{:?}", refused.unwrap_err()), message);
    }
}

/// A process has its variables from its start.
fn with_variable(value: &str, test: &str) {
    let output = Command::new(env::current_exe().unwrap())
        .args([
            &format!("errors::{test}"),
            "--exact",
            "--ignored",
            "--nocapture",
        ])
        .env(VARIABLE, value)
        .output()
        .unwrap();
    let text = String::from_utf8_lossy(&output.stdout) + String::from_utf8_lossy(&output.stderr);
    assert!(
        output.status.success() && text.contains("1 passed"),
        "{text}"
    );
}

#[test]
fn a_secret_is_read_from_the_environment() {
    with_variable(
        "sixteen random bytes, or more",
        "in_a_process_with_a_secret",
    );
    with_variable("short", "in_a_process_with_a_short_secret");
    with_variable("", "in_a_process_with_an_empty_secret");
}

#[test]
#[ignore = "run by `a_secret_is_read_from_the_environment`, in a process with the variable"]
fn in_a_process_with_a_secret() {
    assert!(from_env().iter().all(Result::is_ok));
    let unit = Units::from_env(VARIABLE)
        .unwrap()
        .unit("visitor", &Key::from("alice"));
    assert_eq!(unit.to_string(), "eb663c7832d3a67138ebe4e1429c492a");
    assert!(BasicAuth::from_env("owner", VARIABLE).is_ok());
}

#[test]
#[ignore = "run by `a_secret_is_read_from_the_environment`, in a process with the variable"]
fn in_a_process_with_a_short_secret() {
    for refused in from_env() {
        let message = refused.unwrap_err().to_string();
        let expected = "the secret in TRACKS_TEST_SECRET is too short with 5 bytes; set it to at \
                        least 16 random bytes, such as those of `openssl rand -hex 32`";
        assert_eq!(message, expected);
    }
}

#[test]
#[ignore = "run by `a_secret_is_read_from_the_environment`, in a process with the variable"]
fn in_a_process_with_an_empty_secret() {
    for refused in from_env() {
        let message = refused.unwrap_err().to_string();
        assert!(
            message.starts_with("TRACKS_TEST_SECRET is empty; set it to"),
            "{message}"
        );
    }
    let refused = BasicAuth::from_env("owner", VARIABLE).unwrap_err();
    assert_eq!(refused, BasicAuthError::Variable(VARIABLE.to_owned()));
}
