use serde_json::Value;
use tower_tracks::stats::{
    Latencies, QuantileComparison, QuantileEstimate, Test, compare_latencies, latency_bin,
    latency_edge,
};

use super::{
    Answer, Tally,
    answer::{Within, list, relative},
    count, number, numbers,
};

pub(super) fn run(case: &Value, tally: &mut Tally) -> Result<(), String> {
    let (input, expected) = (&case["input"], &case["expect"]);
    if let Some(milliseconds) = input["duration_ms"].as_f64() {
        return bin(milliseconds, Answer::new(expected, tally));
    }
    if number(&input["quantile"])? != 0.95 {
        return Err("it is the 95th percentile".to_owned());
    }
    let tracks = [
        latencies(&input["control"])?,
        latencies(&input["treatment"])?,
    ];
    let fixed = Test::fixed(number(&input["alpha"])?).map_err(|why| why.to_string())?;
    let always_valid = fixed.tuned_for(count(&input["n_star"])?);
    let [got, always] =
        [fixed, always_valid].map(|test| compare_latencies(&tracks[0], &tracks[1], &test).ok());
    pairs(expected, got.as_ref(), tally)?;
    let mut answer = Answer::new(expected, tally);
    answer.seen(&["rank_errors", "effective_slow"]);
    let within = relative(1e-9);
    answer.number(
        "control_ms",
        got.map(|got| got.control.milliseconds),
        within,
    )?;
    answer.number(
        "treatment_ms",
        got.map(|got| got.track.milliseconds),
        within,
    )?;
    let lift = Within {
        relative: 1e-9,
        absolute: 1e-15,
    };
    answer.number("lift", got.map(|got| got.lift), lift)?;
    answer.flag("enough", got.is_some_and(|got| got.enough))?;
    answer.number("t", got.map(|got| got.t), relative(1e-7))?;
    answer.number("z", got.map(|got| got.z), relative(1e-7))?;
    judged(answer.inner("fixed"), got, None)?;
    judged(answer.inner("always_valid"), always, Some(&always_valid))?;
    answer.finish()
}

fn bin(milliseconds: f64, mut answer: Answer<'_>) -> Result<(), String> {
    let bin = latency_bin(milliseconds);
    answer.number("bin", Some(bin as f64), relative(0.0))?;
    answer.number(
        "lower_edge_ms",
        Some(latency_edge(bin as f64)),
        relative(1e-12),
    )?;
    answer.finish()
}

fn latencies(value: &Value) -> Result<Latencies, String> {
    let mut latencies = Latencies::new(count(&value["units"])?);
    let groups = value["groups"].as_array().ok_or("no groups")?;
    for (group, pairs) in groups.iter().enumerate() {
        for pair in numbers(pairs)?.chunks(2) {
            let [bin, count] = pair else {
                return Err("a bin and its count".to_owned());
            };
            latencies.add(group as u64, *bin as usize, *count as u64);
        }
    }
    Ok(latencies)
}

/// Compares the fields that have one number for each track.
fn pairs(
    expected: &Value,
    got: Option<&QuantileComparison>,
    tally: &mut Tally,
) -> Result<(), String> {
    let field = |name: &str, of: fn(&QuantileEstimate) -> f64, tally: &mut Tally| match got {
        None if expected[name].is_null() => Ok(()),
        None => Err(format!("{name} is null")),
        Some(got) => {
            let got = [&got.control, &got.track].map(|track| Some(of(track)));
            list(&expected[name], &got, relative(1e-9), tally)
        }
    };
    field("rank_errors", |track| track.rank_error, tally)?;
    field("effective_slow", |track| track.effective_slow, tally)
}

fn judged(
    answer: Option<Answer<'_>>,
    got: Option<QuantileComparison>,
    always_valid: Option<&Test>,
) -> Result<(), String> {
    let (mut answer, got) = match (answer, got) {
        (None, None) => return Ok(()),
        (Some(answer), Some(got)) => (answer, got),
        (_, got) => return Err(format!("{got:?}, and not that")),
    };
    answer.number("critical", Some(got.multiplier), relative(1e-9))?;
    answer.number("multiplier", Some(got.multiplier), relative(1e-12))?;
    answer.number("critical_t", Some(got.critical_t), relative(1e-7))?;
    let within = Within {
        relative: 1e-6,
        absolute: 1e-10,
    };
    let evidence = always_valid.and_then(|test| test.ln_e(got.z, got.units));
    answer.number("ln_e", evidence, within)?;
    answer.p(Some(got.p), 1e-6)?;
    answer.limits("lift_ci", [got.lift_lower, got.lift_upper], 1e-8)?;
    answer.limits(
        "control_ci_ms",
        [got.control.lower, got.control.upper],
        1e-8,
    )?;
    answer.limits("treatment_ci_ms", [got.track.lower, got.track.upper], 1e-8)?;
    answer.finish()
}
