//! Rows with names that are not allowed are left out and counted, as in a file of SQLite.

use rusqlite::Connection;
use tower_tracks::store::{
    AsideRow, Batch, DefinitionName, DefinitionRow, InvalidRows, LossRow, PlanRow, RawUnitRow,
    Readout, RequestSums, Sqlite, Store, SumRow, Timestamp, conformance::dumped,
};

use crate::record::sqlite::Directory;

use super::{
    facts::{met, phase, question, unit},
    schema::Schema,
};

/// A part of each hostile text, by which it is found again.
const MARK: &str = "HOSTILE";

/// What is not allowed where, and in which table it is counted: of each table one row is changed.
const NAMES: [(&str, &str, &str); 4] = [
    ("phase", "set_name", "true"),
    ("phase", "unit_kind", "true"),
    ("track", "name", "name = 'long'"),
    ("goal", "name", "true"),
];

/// Texts that are no names, which may be longer and have any characters but zero bytes.
const TEXTS: [(&str, &str, &str); 6] = [
    ("segment", "name", "true"),
    ("writer", "node", "true"),
    ("loss", "sink", "goal_id IS NULL"),
    ("loss", "reason", "goal_id IS NULL"),
    ("raw_unit", "kind", "true"),
    ("aside", "reason", "true"),
];

/// Texts that are JSON, of which PostgreSQL sees to none.
const JSON: [(&str, &str, &str); 2] = [("plan", "json", "true"), ("aside", "payload", "true")];

/// Tables whose rows are left out without being counted.
const UNCOUNTED: [&str; 2] = ["raw_unit", "aside"];

/// The same facts in both databases.
struct Pair {
    schema: Schema,
    served: Box<dyn Store>,
    file: Sqlite,
    directory: Directory,
}

impl Pair {
    fn new() -> Option<Self> {
        let schema = Schema::new()?;
        let directory = Directory::in_memory();
        let file = Sqlite::open(directory.file()).unwrap();
        let served: Box<dyn Store> = Box::new(schema.store());
        for store in [&*served, &file] {
            store.claim("raw").unwrap();
            store.write(&everything()).unwrap();
            store.put_readout(&readout()).unwrap();
            assert_eq!(store.invalid_rows().unwrap(), []);
        }
        Some(Self {
            schema,
            served,
            file,
            directory,
        })
    }

    fn change(&self, table: &str, column: &str, (value, condition): (&str, &str)) {
        let set = format!("SET {column} = '{value}' WHERE {condition}");
        let rows = self
            .schema
            .execute(&format!("UPDATE {{schema}}.{table} {set}"));
        let file = Connection::open(self.directory.file()).unwrap();
        let same = file.execute(&format!("UPDATE {table} {set}"), []).unwrap();
        assert_eq!((rows, same), (1, 1), "{table}.{column}");
    }

    /// Checks that both answer the same, which a hostile text is a part of or not.
    #[track_caller]
    fn check(&self, (table, is_kept): (&str, bool)) {
        let [answers, same] = [&*self.served, &self.file].map(answers);
        assert_eq!(answers, same);
        let has_mark = answers.iter().any(|answer| answer.contains(MARK));
        assert_eq!(has_mark, is_kept, "{table}: {answers:#?}");
        let invalid = self.served.invalid_rows().unwrap();
        let expected = match is_kept || UNCOUNTED.contains(&table) {
            true => Vec::new(),
            false => vec![(table, 1)],
        };
        let invalid = invalid
            .iter()
            .map(|InvalidRows { table, rows, .. }| (*table, *rows));
        assert_eq!(invalid.collect::<Vec<_>>(), expected);
    }
}

/// Returns a row in each table, two exposures and two conversions.
fn everything() -> Batch {
    let mut batch = met(0..2);
    let at = Timestamp::from_micros(1);
    let fingerprint = [3; 32];
    let definition = batch.definition(&DefinitionName {
        phase: phase(),
        fingerprint,
    });
    let segment = batch.segment(&"de".into());
    for exposure in &mut batch.exposures {
        (exposure.definition, exposure.segment) = (Some(definition), Some(segment));
    }
    let exposed = batch.exposures[1];
    let (writer, track) = (exposed.writer, exposed.track);
    let phase = batch.phase(&phase());
    let definition = DefinitionRow::new(phase, fingerprint, "{}".into(), at);
    batch.definitions.push(definition);
    batch.plans.push(PlanRow::new(phase, at, "{}".into()));
    let mut sums = RequestSums::default();
    sums.requests = 1;
    batch.sums.push(SumRow::new(track, 3, writer, sums));
    for (track, goal) in [(Some(track), None), (None, Some(0))] {
        let row = LossRow::new(writer, "store".into(), "full".into(), 3);
        batch.losses.push(row.track(track).goal(goal));
    }
    let raw_unit = RawUnitRow::new(unit(0), "visitor".into(), b"0".as_slice().into());
    batch.raw_units.push(raw_unit);
    let aside = AsideRow::new(at, "late".into(), "{}".into());
    batch.aside.push(aside);
    batch
}

fn readout() -> Readout {
    Readout::new(phase(), "report".into(), Timestamp::default(), "{}".into())
}

/// Returns all that a store answers, as text.
fn answers(store: &dyn Store) -> Vec<String> {
    let now = Timestamp::MAX;
    let mut answers = vec![
        format!("{:?}", store.phases().unwrap()),
        format!("{:?}", store.goals().unwrap()),
        format!("{:?}", store.invalid_rows().unwrap()),
        format!("{:?}", store.attribute(&question()).unwrap()),
        format!("{:?}", store.conversions_by_day(now).unwrap()),
        format!("{:?}", store.overlap(&phase(), None, now).unwrap()),
        format!("{:?}", store.busiest_second(&phase(), now).unwrap()),
        format!("{:?}", store.sums(&phase()).unwrap()),
        format!("{:?}", store.losses().unwrap()),
        format!("{:?}", store.readouts("report").unwrap()),
    ];
    for number in 0..2 {
        let history = store.history(unit(number)).unwrap();
        answers.push(format!("{history:?} {:?}", history.raw));
    }
    answers.extend(dumped(store));
    answers
}

#[test]
fn names_that_are_not_allowed_are_left_out_and_counted() {
    let long = MARK.repeat(1_000);
    let names = [
        "=HYPERLINK(\"http://evil\")HOSTILE",
        "HOSTILE\u{1b}[2J\u{9b}31m",
        "HOSTILE\u{202e}\u{2066}",
        "HOSTILE\r\nset,1",
        "<script>HOSTILE</script>",
        &*long,
    ];
    for name in names {
        for (table, column, condition) in NAMES {
            let Some(pair) = Pair::new() else { return };
            pair.change(table, column, (name, condition));
            pair.check((table, false));
        }
    }
}

#[test]
fn a_phase_without_a_number_is_left_out() {
    let Some(pair) = Pair::new() else { return };
    pair.change("phase", "phase", ("-1", "true"));
    pair.check(("phase", false));
}

#[test]
fn texts_are_of_a_size_and_json_is_json() {
    let long = MARK.repeat(1_000);
    for (table, column, condition) in TEXTS {
        for (text, is_kept) in [("=HOSTILE", true), (&*long, false)] {
            let Some(pair) = Pair::new() else { return };
            pair.change(table, column, (text, condition));
            pair.check((table, is_kept));
        }
    }
    for (table, column, condition) in JSON {
        let Some(pair) = Pair::new() else { return };
        pair.change(table, column, (MARK, condition));
        pair.check((table, false));
    }
}

/// A definition is of a type that PostgreSQL sees to, so it may be too long alone.
#[test]
fn a_definition_of_more_than_four_megabytes_is_left_out() {
    let Some(pair) = Pair::new() else { return };
    let json = format!("\"{}\"", MARK.repeat(600_000));
    pair.change("definition", "json", (&json, "true"));
    pair.check(("definition", false));
}

/// A store that merged it does not have such rows.
#[test]
fn rows_with_names_that_are_not_allowed_are_not_merged() {
    let Some(pair) = Pair::new() else { return };
    pair.change("track", "name", ("=1+1", "name = 'long'"));
    let directory = Directory::in_memory();
    let into = Sqlite::open(directory.file()).unwrap();
    into.merge(&*pair.served).unwrap();
    assert_eq!(into.invalid_rows().unwrap(), []);
    assert_eq!(into.phases().unwrap()[0].tracks.len(), 1);
    assert_eq!(dumped(&into), dumped(&pair.file));
}
