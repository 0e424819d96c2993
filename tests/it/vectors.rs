//! Golden assignments: what another implementation chose, case by case.
//!
//! `TRACKS_PYTHON_VECTORS` and `TRACKS_V1_VECTORS` name other files of the same format.

use std::{collections::BTreeMap, env, fmt, fs, path::PathBuf};

use serde::{
    Deserialize, Deserializer,
    de::{Error, SeqAccess, Visitor},
};
use serde_json::value::RawValue;
use tower_tracks::{MultiTrackSet, SimpleTrackSet};

mod python;
mod v1;

/// The sets of a group in which `alice` is known from the design.
#[test]
fn alice_waits_shortly() {
    let group = MultiTrackSet::builder()
        .add(
            SimpleTrackSet::new("pricing")
                .track("cheap", -1)
                .track("expensive", 1),
        )
        .add(
            SimpleTrackSet::new("delay")
                .track("short", 500)
                .track("long", 2000),
        )
        .build()
        .unwrap();
    let choice = group.assign("alice", &());
    assert_eq!(choice.to_string(), "delay/short");
    assert_eq!(choice.value(), Some(&500));
    assert!(hex(&choice.digest().unwrap()).starts_with("f8ebf251"));
}

/// The cases that agreed, by what they were about.
type Tally = BTreeMap<String, usize>;

/// Runs every case of a file; `run` returns what the case was about, or what is wrong.
#[track_caller]
fn run_file(variable: &str, default: &str, run: impl Fn(&str) -> Result<Vec<String>, String>) {
    let path = match env::var_os(variable) {
        Some(path) => PathBuf::from(path),
        None => PathBuf::from(env!("CARGO_MANIFEST_DIR"))
            .join("tests/vectors")
            .join(default),
    };
    let shown = path.display();
    let json = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{shown}: {error}"));
    let (count, tally) = run_cases(&json, run).unwrap_or_else(|error| panic!("{shown}: {error}"));
    println!("{shown}: {count} cases, {tally:?}");
}

fn run_cases(
    json: &str,
    run: impl Fn(&str) -> Result<Vec<String>, String>,
) -> Result<(usize, Tally), String> {
    let Cases(cases) = serde_json::from_str(json).map_err(|error| error.to_string())?;
    let mut tally = Tally::new();
    let mut wrong = Vec::new();
    for (index, case) in cases.iter().enumerate() {
        match run(case.get()) {
            Ok(labels) => labels
                .into_iter()
                .for_each(|label| *tally.entry(label).or_default() += 1),
            Err(error) => wrong.push(format!("case {index}: {error}\n{case}")),
        }
    }
    match (cases.len(), wrong.len()) {
        (0, _) => Err("there is no case".to_owned()),
        (count, 0) => Ok((count, tally)),
        (count, failed) => {
            wrong.truncate(5);
            let wrong = wrong.join("\n");
            Err(format!(
                "{failed} of {count} cases are wrong, first of all\n{wrong}"
            ))
        }
    }
}

fn parse<'a, T: Deserialize<'a>>(case: &'a str) -> Result<T, String> {
    serde_json::from_str(case).map_err(|error| format!("malformed: {error}"))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The elements of an array; an error in one of them names its index.
struct Cases(Vec<Box<RawValue>>);

impl<'de> Deserialize<'de> for Cases {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_seq(CasesVisitor).map(Self)
    }
}

struct CasesVisitor;

impl<'de> Visitor<'de> for CasesVisitor {
    type Value = Vec<Box<RawValue>>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an array of cases")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut array: A) -> Result<Self::Value, A::Error> {
        let mut cases = Vec::new();
        loop {
            match array.next_element() {
                Ok(Some(case)) => cases.push(case),
                Ok(None) => return Ok(cases),
                Err(error) => {
                    let index = cases.len();
                    return Err(A::Error::custom(format!("case {index}: {error}")));
                }
            }
        }
    }
}

/// What keeps the runner itself honest: it must notice what is wrong.
mod runner {
    use super::{Tally, run_cases};

    /// Calls those cases wrong that are not the number 1.
    fn run(json: &str) -> Result<(usize, Tally), String> {
        run_cases(json, |case| match case {
            "1" => Ok(vec!["one".to_owned()]),
            _ => Err("it is not one".to_owned()),
        })
    }

    #[track_caller]
    fn check_refused(json: &str, parts: &[&str]) {
        let error = run(json).unwrap_err();
        for part in parts {
            assert!(error.contains(part), "{part:?} is not in {error:?}");
        }
    }

    #[test]
    fn cases_are_counted() {
        assert_eq!(run("[1, 1]"), Ok((2, Tally::from([("one".to_owned(), 2)]))));
    }

    #[test]
    fn wrong_vectors_are_named() {
        check_refused("[]", &["there is no case"]);
        check_refused("[1, 2]", &["1 of 2", "case 1: it is not one", "\n2"]);
        check_refused("[1, {]", &["case 1: "]);
        check_refused("[1, 1", &["case 2: "]);
        check_refused("{}", &["an array of cases"]);
        check_refused("", &["EOF"]);
    }
}
