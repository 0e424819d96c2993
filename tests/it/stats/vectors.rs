//! Reference answers, computed with 60 digits.
//!
//! `TRACKS_STATS_VECTORS` names another directory of the same format. Each file says its
//! tolerances; every case of it is read, every field of a case is compared or counted as not
//! offered, and the counts are printed.

use std::{
    env, fs,
    path::{Path, PathBuf},
};

use serde_json::Value;

use self::{answer::Answer, tally::Tally};

mod answer;
mod caps;
mod chances;
mod covariates;
mod distributions;
mod gate;
mod group_sequential;
mod interactions;
mod latencies;
mod margins;
mod means;
mod plan;
mod pooled;
mod rates;
mod ratios;
mod sample_ratio;
mod segments;
mod selection;
mod sequential;
mod several;
mod tally;

/// How a case of a file is run.
type Run = fn(&Value, &mut Tally) -> Result<(), String>;

/// What is done with a file.
enum Use {
    Compared(Run),
    /// Simulated, in `calibration.rs`.
    Simulated,
}

/// The files.
const FILES: [(&str, Use); 25] = [
    ("bayes_binary", Use::Compared(chances::run)),
    ("calibration", Use::Simulated),
    ("calibration2", Use::Simulated),
    ("cuped", Use::Compared(covariates::older)),
    ("cuped_sums", Use::Compared(covariates::run)),
    ("distributions", Use::Compared(distributions::run)),
    ("gate", Use::Compared(gate::run)),
    ("group_sequential", Use::Compared(group_sequential::run)),
    ("heterogeneity", Use::Compared(segments::run)),
    ("interaction", Use::Compared(interactions::run)),
    ("latency_quantiles", Use::Compared(latencies::run)),
    ("margins", Use::Compared(margins::run)),
    ("means", Use::Compared(means::run)),
    ("means_pooled", Use::Compared(pooled::means)),
    ("multiple_comparisons", Use::Compared(several::run)),
    ("noninferiority", Use::Compared(margins::run)),
    ("power", Use::Compared(plan::run)),
    ("proportions", Use::Compared(rates::run)),
    ("ratio_metrics", Use::Compared(ratios::run)),
    ("ratio_pooled", Use::Compared(pooled::ratios)),
    ("selection", Use::Compared(selection::run)),
    ("sequential", Use::Compared(sequential::run)),
    ("srm_chi2", Use::Compared(sample_ratio::pearson_case)),
    ("srm_sequential", Use::Compared(sample_ratio::evidence_case)),
    ("winsorize", Use::Compared(caps::run)),
];

const VARIABLE: &str = "TRACKS_STATS_VECTORS";

/// The directory of the vectors.
pub(super) fn directory() -> PathBuf {
    match env::var_os(VARIABLE) {
        Some(path) => PathBuf::from(path),
        None => Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/vectors/stats"),
    }
}

/// Reads a file of vectors.
pub(super) fn read(path: &Path) -> Result<Vec<Value>, String> {
    let shown = path.display();
    let json = fs::read_to_string(path).map_err(|error| format!("{shown}: {error}"))?;
    let file: Value = serde_json::from_str(&json).map_err(|error| format!("{shown}: {error}"))?;
    match file["cases"].as_array() {
        Some(cases) if !cases.is_empty() => Ok(cases.clone()),
        _ => Err(format!("{shown}: there is no case")),
    }
}

#[test]
fn every_case_of_every_file() {
    let directory = directory();
    let shown = directory.display();
    let mut names: Vec<String> = fs::read_dir(&directory)
        .unwrap_or_else(|error| panic!("{shown}: {error}"))
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter_map(|name| name.strip_suffix(".json").map(str::to_owned))
        .collect();
    names.sort();
    if env::var_os(VARIABLE).is_none() {
        assert_eq!(names, FILES.each_ref().map(|(name, _)| *name));
    }
    assert!(!names.is_empty(), "{shown}: there is no vector");
    let wrong: Vec<String> = names
        .iter()
        .filter_map(|name| run_file(&directory, name).err())
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn run_file(directory: &Path, name: &str) -> Result<(), String> {
    let (_, run) = FILES
        .iter()
        .find(|(known, _)| *known == name)
        .ok_or_else(|| format!("{name}: what is this file about?"))?;
    let cases = read(&directory.join(name).with_extension("json"))?;
    let mut tally = Tally::default();
    for case in &cases {
        match run {
            Use::Compared(run) => run(case, &mut tally)
                .map_err(|error| format!("{name}, {}: {error}\n{case}", case["id"]))?,
            Use::Simulated => tally.not_offered("case, here: it is simulated"),
        }
    }
    println!("{name}: {} cases, {tally}", cases.len());
    Ok(())
}

/// A number of a case.
fn number(value: &Value) -> Result<f64, String> {
    value
        .as_f64()
        .ok_or_else(|| format!("{value} is not a number"))
}

/// A count of a case.
fn count(value: &Value) -> Result<u64, String> {
    let number = number(value)?;
    if number >= 0.0 && number.fract() == 0.0 {
        Ok(number as u64)
    } else {
        Err(format!("{value} is not a count"))
    }
}

/// The numbers of an array.
fn numbers(value: &Value) -> Result<Vec<f64>, String> {
    let array = value.as_array();
    let array = array.ok_or_else(|| format!("{value} is not an array"))?;
    array.iter().map(number).collect()
}

/// The runner notices what is wrong.
#[test]
fn the_runner_is_honest() {
    let run = |case: &str| {
        let case: Value = serde_json::from_str(case).unwrap();
        several::run(&case, &mut Tally::default())
    };
    let case = |holm: &str, rest: &str| {
        format!(
            r#"{{"input": {{"p_values": [0.01, 0.5]}}, "expect": {{"holm": {holm},
                "bonferroni": [0.02, 1.0], "benjamini_hochberg": [0.02, 0.5] {rest} }} }}"#
        )
    };
    assert_eq!(run(&case("[0.02, 0.5]", "")), Ok(()));
    for (holm, rest) in [
        ("[0.02, 0.50001]", ""),
        ("[0.02]", ""),
        ("[0.02, null]", ""),
        ("null", ""),
        ("[0.02, 0.5]", r#", "other": 1"#),
    ] {
        assert!(run(&case(holm, rest)).is_err(), "{holm} {rest}");
    }
}
