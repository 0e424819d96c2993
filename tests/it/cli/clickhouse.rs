//! A store in ClickHouse, where there is one.

use std::process::Command;

use crate::record::clickhouse::{database::Database, server::Server};

use super::{Folder, Ran, SECRET, reported, small, tracks, tracks_of};

/// The command line with the store in a database.
fn tracks_in(database: &Database, arguments: &[&str]) -> Command {
    let mut command = tracks(arguments);
    command.env("TRACKS_STORE", database.store_url());
    command
}

#[test]
fn a_store_in_clickhouse_has_what_a_file_has() {
    let Some(database) = Database::new() else {
        return;
    };
    let missing = "there is no store in this database of ClickHouse";
    Ran::of(&mut tracks_in(&database, &["report"])).failed(1, missing);
    let folder = Folder::new();
    let file = small(&folder);
    let merged = Ran::of(&mut tracks_in(
        &database,
        &["merge", file.to_str().unwrap()],
    ));
    assert_eq!(merged.exit, 0, "{merged:?}");
    let report = ["report", "--json"];
    assert_eq!(
        reported(tracks_in(&database, &report)),
        reported(tracks_of(&file, &report))
    );
    let mut erase = tracks_in(&database, &["erase", "visitor", "--yes", "--key", "0"]);
    let erased = Ran::of(erase.env("TRACKS_SECRET", SECRET));
    assert_eq!(erased.exit, 0, "{erased:?}");
    let rows = "SELECT count() FROM {database}.exposure";
    assert_eq!(database.number(rows), 9);
}

#[test]
fn a_certificate_is_checked() {
    let Some(server) = Server::of_https("certificate") else {
        return;
    };
    let folder = Folder::new();
    let file = small(&folder);
    let merge = || {
        let mut merge = tracks(&["merge", file.to_str().unwrap()]);
        merge.env("TRACKS_STORE", format!("{}/shop", server.url()));
        merge
    };
    let unknown = "ClickHouse cannot be reached: io: invalid peer certificate";
    let refused = Ran::of(&mut merge());
    assert_ne!(refused.exit, 0, "{refused:?}");
    assert!(refused.err.contains(unknown), "{refused:?}");
    let mut known = merge();
    let merged = Ran::of(known.env("SSL_CERT_FILE", server.authority()));
    assert_eq!(merged.exit, 0, "{merged:?}");
}

#[test]
fn changes_need_a_file() {
    let ran = Ran::of(tracks(&["changes"]).env("TRACKS_STORE", "http://127.0.0.1:1/shop"));
    assert_eq!(ran.exit, 2, "{ran:?}");
    assert!(ran.err.contains("name a file by --changes"), "{ran:?}");
}

#[test]
fn a_password_is_in_no_message() {
    for (place, password) in [
        ("http://ann:geheim@127.0.0.1:1/shop", ""),
        ("http://127.0.0.1:1/shop", "geheim"),
        ("http:/ann:geheim@127.0.0.1:1/shop", ""),
        ("https://ann:geheim@127.0.0.1:1/shop", ""),
        ("http://ann:geheim@127.0.0.1:1/shop/other", ""),
    ] {
        let mut command = tracks(&["report"]);
        command.env("TRACKS_STORE", place);
        let ran = Ran::of(command.env("CLICKHOUSE_PASSWORD", password));
        assert_ne!(ran.exit, 0, "{ran:?}");
        assert_eq!(ran.err.lines().count(), 1, "{ran:?}");
        assert!(ran.err.contains("the store in ClickHouse: "), "{ran:?}");
        assert!(!format!("{ran:?}").contains("geheim"), "{ran:?}");
    }
}
