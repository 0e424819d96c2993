use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use serde_json::json;

use super::{cases, program, report_skipped, run, sets_of_the_guide};

/// Reads definitions and a key a line, and prints the choice, by the guide's function.
const EACH_LINE: &str = "\
import json, recompute, sys
for line in sys.stdin:
    print(json.dumps(recompute.assign(*json.loads(line))))
";

/// Returns a directory with the guide's program; `None`, with a printed line, without Python 3.
fn directory(test: &str) -> Option<PathBuf> {
    let version = python(Path::new("."))
        .arg("--version")
        .stdout(Stdio::null())
        .status();
    if !version.is_ok_and(|status| status.success()) {
        report_skipped("there is no python3, so the guide's Python was not run");
        return None;
    }
    let directory = Path::new(env!("CARGO_TARGET_TMPDIR")).join(test);
    fs::create_dir_all(&directory).unwrap();
    fs::write(directory.join("recompute.py"), program("python")).unwrap();
    Some(directory)
}

fn python(directory: &Path) -> Command {
    let mut python = Command::new("python3");
    python.current_dir(directory);
    python
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .env("PYTHONUTF8", "1");
    python
}

#[test]
fn every_golden_assignment() {
    let Some(directory) = directory("recompute-every") else {
        return;
    };
    let cases = cases::cases();
    let line = |case: &cases::Case| format!("{}\n", json!([case.sets, case.key]));
    let input: String = cases.iter().map(line).collect();
    let output = run(python(&directory).args(["-c", EACH_LINE]), &input);
    cases::check(&cases, &output);
}

#[test]
fn as_the_guide_says() {
    let Some(directory) = directory("recompute-guide") else {
        return;
    };
    fs::write(directory.join("sets.json"), sets_of_the_guide()).unwrap();
    let output = run(
        python(&directory).args(["recompute.py", "sets.json"]),
        "alice\n",
    );
    let columns: Vec<&str> = output.trim_end().split('\t').collect();
    assert_eq!(columns[..4], ["alice", "delay", "short", "bucketed"]);
    assert!(columns[5].starts_with("f8ebf251"), "{output}");
}

#[test]
fn keys_of_parts() {
    let Some(directory) = directory("recompute-parts") else {
        return;
    };
    let program = "import recompute as r; print(r.key_of('HU', 'ő'), r.key_of('HU'), r.key_of())";
    let output = run(python(&directory).args(["-c", program]), "");
    assert_eq!(output, "2:HU,2:ő, HU \n");
}
