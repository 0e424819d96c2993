//! The text of the standard dialect in PostgreSQL.

use std::{env, fs, path::Path, process::Command};

use tower_tracks::warehouse::{Dialect, sql};

use super::{History, check, histories, refused::ANSWERED};
use crate::{record::postgres::schema::Schema, sinks::Folder};

/// The tables, in a schema that is in the search path of the statements after this one.
const TABLES: &str = r#"
CREATE SCHEMA lake; SET search_path TO lake;
CREATE TABLE lines (kind TEXT, line JSONB);
"#;

/// Views with the names and types of the lines.
const VIEWS: &str = r#"
CREATE VIEW exposure AS SELECT line->>'set' AS "set", (line->>'phase')::bigint AS phase, line->>'kind' AS kind,
    line->>'track' AS track, line->>'unit' AS unit, (line->>'at')::bigint AS at, (line->>'coin')::boolean AS coin,
    line->>'definition' AS definition, line->>'segment' AS segment FROM lines WHERE kind = 'exposure';
CREATE VIEW conversion AS SELECT line->>'goal' AS goal, line->>'unit' AS unit, line->>'id' AS id,
    (line->>'at')::bigint AS at, (line->>'value')::bigint AS value FROM lines WHERE kind = 'conversion';
CREATE VIEW alias AS SELECT line->>'visitor' AS visitor, line->>'user' AS "user", (line->>'at')::bigint AS at
    FROM lines WHERE kind = 'alias';
CREATE VIEW erasure AS SELECT line->>'unit' AS unit, (line->>'at')::bigint AS at FROM lines WHERE kind = 'erasure';
"#;

#[test]
fn postgres_answers_as_a_store_does() {
    // The schema names the server, and is not used itself.
    let Some(schema) = Schema::new() else {
        return;
    };
    let folder = Folder::new();
    for seed in (0..histories()).chain([ANSWERED]) {
        let history = History::of_seed(seed);
        let text = sql(&history.question, &history.phases(), Dialect::Standard).unwrap();
        let file = folder.join("cells.csv");
        let lines = history.tables.iter();
        let lines = lines.flat_map(|(table, lines)| lines.lines().map(|line| (*table, line)));
        answer(schema.uri(), lines, &text, &file);
        check(&history, &file);
        if seed == ANSWERED && env::var_os("TRACKS_BLESS").is_some() {
            fs::copy(&file, super::refused::ANSWER).unwrap();
        }
    }
}

/// Answers a question over lines, each with the name of its table, and writes the answer to a file.
pub(super) fn answer<'l>(
    uri: &str,
    lines: impl Iterator<Item = (&'l str, &'l str)>,
    text: &str,
    file: &Path,
) {
    let insert = |(table, line)| format!("INSERT INTO lines VALUES ('{table}', '{line}');\n");
    let lines: String = lines.map(insert).collect();
    // A command of psql is one line.
    let text = text.lines().filter(|line| !line.starts_with("--"));
    let text = text.collect::<Vec<_>>().join(" ");
    let target = file.display();
    let copy = format!("\\copy ({text}) TO '{target}' CSV HEADER");
    let statements = format!("BEGIN; {TABLES}{lines}{VIEWS}{copy}\nROLLBACK;\n");
    let script = file.with_extension("sql");
    // Two tests at once have schemas of their own.
    let name = format!("lake_{}_{}", std::process::id(), text.len());
    fs::write(&script, statements.replace("lake", &name)).unwrap();
    psql(uri, &script);
}

fn psql(uri: &str, script: &Path) {
    let program = env::var("PSQL").unwrap_or_else(|_| "psql".into());
    let ran = Command::new(program)
        .args(["-qX", "-v", "ON_ERROR_STOP=1", "-f"])
        .arg(script)
        .arg(uri)
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&ran.stderr);
    assert!(ran.status.success(), "{said}");
}
