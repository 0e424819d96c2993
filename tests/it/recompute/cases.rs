//! The golden assignments, in the form that the guide's programs read.

use serde_json::{Map, Value, json};

const VECTORS: &str = include_str!("../../vectors/v1.json");

pub(super) struct Case {
    /// The definitions of the sets that the key is eligible for.
    pub(super) sets: Value,
    pub(super) key: String,
    /// The choice; what it does not have is left out.
    pub(super) expect: Value,
}

pub(super) fn cases() -> Vec<Case> {
    let cases: Vec<Value> = serde_json::from_str(VECTORS).unwrap();
    assert!(cases.len() >= 600);
    cases.iter().map(Case::new).collect()
}

impl Case {
    fn new(case: &Value) -> Self {
        let sets = case["sets"].as_array().unwrap().iter();
        let eligible = sets.filter(|set| set["eligible"] != false);
        Self {
            sets: eligible.map(definition).collect(),
            key: case["key"].as_str().unwrap().to_owned(),
            expect: case["expect"].clone(),
        }
    }
}

fn definition(set: &Value) -> Value {
    let given = |name: &str, default: Value| set.get(name).cloned().unwrap_or(default);
    let tracks = set["tracks"].as_array().unwrap().iter();
    let track = |track: &Value| json!({"name": track[0], "weight": track[1]});
    json!({
        "name": set["set"],
        "salt": given("salt", set["set"].clone()),
        "phase": given("phase", json!(1)),
        "weight": given("weight", json!(100)),
        "share": given("share", json!(1.0)),
        "tracks": tracks.map(track).collect::<Value>(),
    })
}

/// Fails unless each line, in JSON, is the choice of its case.
#[track_caller]
pub(super) fn check(cases: &[Case], output: &str) {
    let lines: Vec<&str> = output.lines().collect();
    assert_eq!(lines.len(), cases.len());
    for (index, (case, line)) in cases.iter().zip(lines).enumerate() {
        let choice: Map<String, Value> = serde_json::from_str(line).unwrap();
        let choice: Value = choice
            .into_iter()
            .filter(|(_, value)| !value.is_null())
            .collect();
        assert_eq!(
            choice, case.expect,
            "case {index}: {} and {}",
            case.sets, case.key
        );
    }
}
