use serde_json::Value;
use tower_tracks::stats::{
    Comparison, NoAnswer, Test, benjamini_hochberg, compare_means, heterogeneity,
};

use super::{Answer, Tally, answer::relative, count, means::mean, number};

pub(super) fn run(case: &Value, tally: &mut Tally) -> Result<(), String> {
    let (input, expected) = (&case["input"], &case["expect"]);
    let segments = input["segments"].as_array().ok_or("no segments")?;
    let fixed = Test::fixed(number(&input["alpha"])?).map_err(|why| why.to_string())?;
    let always_valid = fixed.tuned_for(count(&input["n_star"])?);
    let compare = |test: &Test| {
        let one = |segment: &Value| {
            let (control, track) = (mean(&segment["control"])?, mean(&segment["treatment"])?);
            Ok(compare_means(&control, &track, test))
        };
        segments.iter().map(one).collect::<Result<Vec<_>, String>>()
    };
    let (got, always) = (compare(&fixed)?, compare(&always_valid)?);
    let found = got.iter().flatten().map(|got| got.p).collect::<Vec<_>>();
    let mut adjusted = benjamini_hochberg(&found).into_iter();
    let expected_segments = expected["segments"].as_array().ok_or("no answers")?;
    if expected_segments.len() != got.len() {
        return Err("as many answers as segments".to_owned());
    }
    for ((expected, got), always) in expected_segments.iter().zip(&got).zip(&always) {
        let q = got.as_ref().ok().and_then(|_| adjusted.next());
        segment(expected, got, always, q, tally)?;
    }
    all(expected, &got, tally)
}

fn segment(
    expected: &Value,
    got: &Result<Comparison, NoAnswer>,
    always_valid: &Result<Comparison, NoAnswer>,
    q: Option<f64>,
    tally: &mut Tally,
) -> Result<(), String> {
    let (got, always_valid) = (got.ok(), always_valid.ok());
    let within = relative(1e-9);
    let mut answer = Answer::new(expected, tally);
    match got {
        Some(got) => answer.number("difference", Some(got.difference.value), within)?,
        // Without a comparison there is no difference to show either.
        None => answer.not_offered(&["difference"]),
    }
    answer.number("se", got.map(|got| got.standard_error), within)?;
    answer.p(got.map(|got| got.p), 1e-7)?;
    answer.number(
        "always_valid_p",
        always_valid.map(|got| got.p),
        relative(1e-7),
    )?;
    answer.number("q_value", q, relative(1e-7))?;
    answer.finish()
}

fn all(
    expected: &Value,
    segments: &[Result<Comparison, NoAnswer>],
    tally: &mut Tally,
) -> Result<(), String> {
    let got = heterogeneity(segments).ok();
    let without = segments.iter().filter(|segment| segment.is_err()).count();
    let left_out = got.map_or(without, |got| got.left_out);
    let mut answer = Answer::new(expected, tally);
    answer.seen(&["segments"]);
    answer.number("left_out", Some(left_out as f64), relative(0.0))?;
    match (answer.inner("heterogeneity"), got) {
        (None, None) => {}
        (Some(mut answer), Some(got)) => {
            let within = relative(1e-9);
            answer.number("pooled_difference", Some(got.difference), within)?;
            answer.number("pooled_se", Some(got.standard_error), within)?;
            answer.number("q", Some(got.q), within)?;
            answer.number("df", Some(f64::from(got.degrees_of_freedom)), relative(0.0))?;
            answer.p(Some(got.p), 1e-7)?;
            answer.number("i_squared", Some(got.i_squared), within)?;
            answer.finish()?;
        }
        (_, got) => return Err(format!("{got:?}, and not that")),
    }
    answer.finish()
}
