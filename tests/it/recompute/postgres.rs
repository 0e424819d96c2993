use std::{env, process::Command};

use super::{cases, program, report_skipped, run, sets_of_the_guide};

/// A connection URI of a database in which functions may be made; they are rolled back.
const VARIABLE: &str = "TRACKS_TEST_POSTGRES";

/// Returns the output of the statements, after the functions of the guide were made; `None`, and a
/// message, without a database.
fn psql(statements: &str) -> Option<String> {
    let Ok(uri) = env::var(VARIABLE) else {
        let why = format!(
            "{VARIABLE} names no database, so the guide's SQL was not run; \
             `.ci/postgres cargo test --test it recompute` runs it"
        );
        report_skipped(&why);
        return None;
    };
    let mut psql = Command::new("psql");
    psql.args(["--no-psqlrc", "--quiet", "--tuples-only", "--no-align"]);
    psql.args(["--set=ON_ERROR_STOP=1", "--dbname", &uri]);
    let functions = program("sql");
    // The tests run at the same time; each waits until the schema of the one before is gone.
    let script = format!(
        "BEGIN;\nCREATE SCHEMA recomputed;\nSET LOCAL search_path = recomputed;\n\
         {functions}\n{statements}\nROLLBACK;\n"
    );
    Some(run(psql.env("PGCLIENTENCODING", "UTF8"), &script))
}

/// Returns text as a constant of SQL.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

#[test]
fn every_golden_assignment() {
    let cases = cases::cases();
    let statement = |case: &cases::Case| {
        let (sets, key) = (quoted(&case.sets.to_string()), quoted(&case.key));
        format!(
            "SELECT coalesce(row_to_json(choice), '{{\"reason\": \"ineligible\"}}') \
             FROM (SELECT) AS once LEFT JOIN tracks_assign({sets}, {key}) AS choice ON true;\n"
        )
    };
    let statements: String = cases.iter().map(statement).collect();
    if let Some(output) = psql(&statements) {
        cases::check(&cases, &output);
    }
}

#[test]
fn as_the_guide_says() {
    let sets = quoted(&sets_of_the_guide());
    let statement = format!(
        "CREATE TABLE definition AS SELECT {sets}::jsonb AS sets;
         CREATE TABLE visitor AS SELECT 'alice' AS key;
         {}
         SELECT convert_from(tracks_netstring('HU') || tracks_netstring('ő'), 'UTF8');",
        program("text"),
    );
    let Some(output) = psql(&statement) else {
        return;
    };
    let (choice, key) = output.trim_end().split_once('\n').unwrap();
    assert!(
        choice.starts_with("alice|delay|short|bucketed|"),
        "{choice}"
    );
    assert!(choice.contains("|f8ebf251"), "{choice}");
    assert_eq!(key, "2:HU,2:ő,");
}

/// What `f64` and `round` say of the limit, to the last digit.
#[test]
fn limits_of_shares() {
    let shares = [
        0.0,
        5e-324,
        1e-20,
        3e-20,
        1e-9,
        0.1,
        1.0 / 3.0,
        0.5,
        0.7,
        1.0 - f64::EPSILON,
        1.0,
    ];
    let select = |share: f64| format!("SELECT tracks_limit('{share:e}');\n");
    let statements: String = shares.into_iter().map(select).collect();
    let Some(output) = psql(&statements) else {
        return;
    };
    let expected = shares.map(|share| ((share * 2_f64.powi(64)).round() as u128).to_string());
    assert_eq!(output.lines().collect::<Vec<_>>(), expected);
}
