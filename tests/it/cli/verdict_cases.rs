//! Facts with right answers, through `import` and `report`.
//!
//! The cases are in `tests/verdict-cases/`; `TRACKS_VERDICT_CASES` names another directory of the same
//! format. A case is a file of facts, `NAME.jsonl` or `NAME.jsonl.gz`, with the right answer beside
//! it: the member `right` of `NAME.json`, else the entry of `gate.json` that counts the same.

use std::{
    env, fs,
    io::Read,
    path::{Path, PathBuf},
};

use serde_json::Value;

use super::{Folder, Ran, tracks_of};

const VARIABLE: &str = "TRACKS_VERDICT_CASES";

#[test]
fn facts_get_the_right_verdict() {
    let folder = env::var_os(VARIABLE).map_or_else(default, PathBuf::from);
    let mut cases = 0;
    let mut files: Vec<PathBuf> = fs::read_dir(&folder)
        .unwrap_or_else(|error| panic!("{}: {error}", folder.display()))
        .map(|entry| entry.unwrap().path())
        .collect();
    files.sort();
    for file in files {
        let name = file.file_name().unwrap().to_str().unwrap();
        let Some((case, kind @ ("jsonl" | "jsonl.gz"))) = name.split_once('.') else {
            continue;
        };
        let ran = report(&file, kind);
        let phase = &ran.json()["phases"][0];
        check(case, &right(&folder, case, phase), (phase, ran.exit));
        cases += 1;
    }
    println!("{cases} verdict cases");
    assert!(cases > 0, "no case in {}", folder.display());
}

fn default() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/verdict-cases")
}

/// Imports the facts into a new store and reports them, long after all windows are over.
fn report(file: &Path, kind: &str) -> Ran {
    let folder = Folder::new();
    let (store, lines) = (folder.join("tracks.sqlite"), folder.join("facts.jsonl"));
    let bytes = fs::read(file).unwrap();
    let mut text = Vec::new();
    match kind {
        "jsonl" => text = bytes,
        _ => drop(
            flate2::read::GzDecoder::new(&*bytes)
                .read_to_end(&mut text)
                .unwrap(),
        ),
    }
    fs::write(&lines, text).unwrap();
    let imported = Ran::of(&mut tracks_of(&store, &["import", lines.to_str().unwrap()]));
    assert_eq!(imported.exit, 0, "{imported:?}");
    let as_of = ["report", "--json", "--as-of", "2030-01-01T00:00:00Z"];
    Ran::of(&mut tracks_of(&store, &as_of))
}

fn right(folder: &Path, case: &str, phase: &Value) -> Value {
    let read = |name: &str| {
        let text = fs::read_to_string(folder.join(name)).ok()?;
        Some(serde_json::from_str::<Value>(&text).unwrap())
    };
    if let Some(own) = read(&format!("{case}.json")) {
        return own["right"].clone();
    }
    let counted = [counted(phase, 0), counted(phase, 1)];
    let gate = read("gate.json").unwrap_or_default();
    let same = gate
        .as_array()
        .into_iter()
        .flatten()
        .find(|entry| [&entry["control"], &entry["track"]] == [&counted[0], &counted[1]]);
    let same = same.unwrap_or_else(|| panic!("{case} has no right answer"));
    serde_json::json!({
        "control": same["control"],
        "track": same["track"],
        "verdict": same["right_verdict"],
    })
}

/// The units and the converters of a track, whatever a plan read of them.
fn counted(phase: &Value, track: usize) -> Value {
    let goal = &phase["goals"][0]["tracks"][track];
    serde_json::json!([phase["tracks"][track]["units"], goal["converters"]])
}

#[track_caller]
fn check(case: &str, right: &Value, (phase, exit): (&Value, i32)) {
    let track = &phase["goals"][0]["tracks"][1];
    let kind = track["verdict"]["kind"].as_str().unwrap();
    let sentence = &track["verdict"]["sentence"];
    println!("{case}: {sentence}");
    assert!(right.is_object(), "{case}: {right}");
    for (index, side) in ["control", "track"].into_iter().enumerate() {
        if let Some(units) = right[side][0].as_u64() {
            assert_eq!(phase["tracks"][index]["units"], units, "{case}");
        }
    }
    if let Some(verdict) = right["verdict"].as_str() {
        let expected = match verdict.split_whitespace().next().unwrap() {
            "Better" => "better",
            "Worse" => "worse",
            "not" => "weights-changed",
            _ => panic!("{case}: unknown verdict {verdict:?}"),
        };
        assert_eq!(kind, expected, "{case}: {sentence}");
    }
    if let Some(ratio) = right["mantel_haenszel_ratio"].as_f64() {
        assert!((mantel_haenszel(phase) - ratio).abs() < 1e-9, "{case}");
        assert_eq!(exit, 3, "{case}");
    } else if let Some(lift) = right["lift"].as_f64() {
        let seen = track["compared"]["lift"].as_f64().unwrap();
        assert!((seen - lift).abs() < 1e-9, "{case}: {seen}");
        assert_eq!(kind, if lift > 0.0 { "better" } else { "worse" }, "{case}");
    }
}

/// The ratio of rates over all periods, each weighed by its size (Mantel & Haenszel 1959).
fn mantel_haenszel(phase: &Value) -> f64 {
    let (mut track, mut control) = (0.0, 0.0);
    for period in phase["periods"].as_array().unwrap() {
        let of =
            |index: usize, what: &str| period["goals"][0]["tracks"][index][what].as_f64().unwrap();
        let all = of(0, "units") + of(1, "units");
        track += of(1, "converters") * of(0, "units") / all;
        control += of(0, "converters") * of(1, "units") / all;
    }
    track / control
}

/// Two machines with copies of one file, whose clocks differ by a day, and any number of readings.
#[test]
fn copies_of_a_file_give_the_same_decision() {
    let folder = Folder::new();
    let facts = default().join("plan_decided_with_open_windows.jsonl");
    let one = folder.join("one.sqlite");
    let facts = ["import", facts.to_str().unwrap()];
    assert_eq!(Ran::of(&mut tracks_of(&one, &facts)).exit, 0);
    let other = folder.join("other.sqlite");
    fs::copy(&one, &other).unwrap();
    let read = |store: &Path, as_of: &str| {
        let arguments = ["report", "--json", "--as-of", as_of];
        let phase = Ran::of(&mut tracks_of(store, &arguments)).json()["phases"][0].clone();
        let decided = [
            &phase["decision"],
            &phase["goals"],
            &phase["series"],
            &phase["notices"],
        ];
        assert!(decided[0].is_object(), "{phase}");
        decided.map(Value::to_string)
    };
    // As of the day after the decision, and a day later on the other machine.
    let first = read(&one, "2026-11-01T12:00:00Z");
    assert_eq!(read(&one, "2026-11-01T12:00:00Z"), first);
    assert_eq!(read(&other, "2026-11-02T12:00:00.000001Z"), first);
    assert_eq!(read(&other, "2031-11-02T00:00:00Z"), first);
}
