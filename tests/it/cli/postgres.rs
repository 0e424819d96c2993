//! A store in PostgreSQL, where there is one.

use std::process::{Command, ExitCode};

use tower_tracks::cli::Program;

use crate::record::postgres::{pooled::pooler, schema::Schema};

use super::{Folder, Ran, SECRET, reported, small, tracks, tracks_of};

/// The command line with the store in a schema.
fn tracks_in(schema: &Schema, arguments: &[&str]) -> Command {
    let mut command = tracks(arguments);
    command
        .env("TRACKS_STORE", schema.uri())
        .env("TRACKS_SCHEMA", schema.name());
    command
}

#[test]
fn a_store_in_postgresql_has_what_a_file_has() {
    let Some(schema) = Schema::new() else {
        return;
    };
    let missing = format!("there is no store in the schema {:?}", schema.name());
    Ran::of(&mut tracks_in(&schema, &["report"])).failed(1, &missing);
    schema.execute("CREATE SCHEMA {schema}");
    Ran::of(&mut tracks_in(&schema, &["report"])).failed(1, &missing);
    let folder = Folder::new();
    let file = small(&folder);
    let merge = ["merge", file.to_str().unwrap()];
    let merged = Ran::of(&mut tracks_in(&schema, &merge));
    assert_eq!(merged.exit, 0, "{merged:?}");
    let report = ["report", "--json"];
    assert_eq!(
        reported(tracks_in(&schema, &report)),
        reported(tracks_of(&file, &report))
    );
    let export = ["export", "--format", "csv", "--table", "exposures"];
    let (served, filed) = (tracks_in(&schema, &export), tracks_of(&file, &export));
    let [served, filed] = [served, filed].map(|mut command| {
        let mut lines: Vec<String> = Ran::of(&mut command)
            .out
            .lines()
            .map(str::to_owned)
            .collect();
        lines.sort_unstable();
        lines
    });
    assert_eq!(served, filed);
    assert_eq!(served.len(), 11);
}

#[test]
fn a_unit_is_erased_in_postgresql() {
    let Some(schema) = Schema::new() else {
        return;
    };
    let folder = Folder::new();
    let merge = ["merge", small(&folder).to_str().unwrap()].map(str::to_owned);
    Ran::of(&mut tracks_in(
        &schema,
        &merge.each_ref().map(String::as_str),
    ));
    let mut erase = tracks_in(&schema, &["erase", "visitor", "--yes", "--key", "0"]);
    let erased = Ran::of(erase.env("TRACKS_SECRET", SECRET));
    assert_eq!(erased.exit, 0, "{erased:?}");
    assert_eq!(schema.number("SELECT count(*) FROM {schema}.exposure"), 9);
}

/// The connections have their own runtime, on which nothing else waits.
#[test]
fn an_application_may_have_a_runtime() {
    let Some(schema) = Schema::new() else {
        return;
    };
    let folder = Folder::new();
    let file = small(&folder);
    let arguments = ["tracks", "--store", schema.uri(), "--schema", schema.name()];
    let run = |command: &[&str]| {
        let arguments = arguments.iter().chain(command).map(|text| (*text).into());
        format!(
            "{:?}",
            Program::new().run_with(arguments.collect::<Vec<_>>())
        )
    };
    let fine = format!("{:?}", ExitCode::SUCCESS);
    tokio::runtime::Runtime::new().unwrap().block_on(async {
        assert_eq!(run(&["merge", file.to_str().unwrap()]), fine);
        assert_eq!(run(&["report"]), fine);
    });
    assert_eq!(schema.number("SELECT count(*) FROM {schema}.exposure"), 10);
}

/// The URL is not in the message if the server does not answer, or the URL is misplaced.
#[test]
fn a_password_is_not_repeated() {
    let url = "postgresql://ann:hunter2@127.0.0.1:1/shop";
    let other = "postgresql://ann:hunter2@127.0.0.1:1/other";
    for (place, arguments) in [
        (url, &["report"][..]),
        (url, &["merge", url]),
        (url, &["merge", other]),
        ("postgresql:/ann:hunter2@127.0.0.1/shop", &["report"]),
        ("host=db user=ann password=hunter2", &["import", "-"]),
        (url, &["report", url]),
        (url, &[url]),
    ] {
        let ran = Ran::of(tracks(arguments).env("TRACKS_STORE", place));
        assert_ne!(ran.exit, 0, "{ran:?}");
        assert_eq!(ran.err.lines().count(), 1, "{ran:?}");
        assert!(!format!("{ran:?}").contains("hunter2"), "{ran:?}");
    }
    let ran = Ran::of(tracks(&["report"]).env("TRACKS_STORE", url));
    assert!(ran.err.contains("the store in PostgreSQL: "), "{ran:?}");
    assert!(!ran.err.contains("timed out"), "{ran:?}");
}

mod pooled {
    use super::*;

    #[test]
    fn a_store_behind_a_pooler_is_read_and_written() {
        let (Some(schema), Some(pooler)) = (Schema::new(), pooler()) else {
            return;
        };
        let folder = Folder::new();
        let file = small(&folder);
        let run = |arguments: &[&str]| {
            let mut command = tracks_in(&schema, arguments);
            Ran::of(command.env("TRACKS_STORE", &pooler))
        };
        for _ in 0..3 {
            let merged = run(&["merge", file.to_str().unwrap()]);
            assert_eq!(merged.exit, 0, "{merged:?}");
            assert_eq!(run(&["report", "--json"]).exit, 0);
        }
        assert_eq!(schema.number("SELECT count(*) FROM {schema}.exposure"), 10);
    }
}
