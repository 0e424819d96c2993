use serde_json::Value;
use tower_tracks::stats::{
    Comparison, Method, Spread, Test, compare_means, compare_rates, pooled_z,
};

use super::{
    Answer, Tally,
    answer::{Within, relative},
    count,
    means::mean,
    number,
    rates::{limits, rate},
};

pub(super) fn run(case: &Value, tally: &mut Tally) -> Result<(), String> {
    let (input, expected) = (&case["input"], &case["expect"]);
    let comparisons = input.get("comparisons").map_or(Ok(1), count)?;
    let test = Test::always_valid(number(&input["alpha"])?)
        .map_err(|why| why.to_string())?
        .tuned_for(count(&input["n_star"])?)
        .among(comparisons as u32);
    match case["kind"].as_str() {
        Some("multiplier") => multiplier(input, expected, &test, tally),
        Some("p_value") => p_value(input, expected, &test, tally),
        Some("proportion") => {
            let (control, track) = (rate(&input["control"])?, rate(&input["treatment"])?);
            let got = compare_rates(&control, &track, &test).map_err(|why| why.to_string())?;
            comparison(&got, expected, tally)
        }
        Some("mean") => {
            let (control, track) = (mean(&input["control"])?, mean(&input["treatment"])?);
            let got = compare_means(&control, &track, &test).map_err(|why| why.to_string())?;
            comparison(&got, expected, tally)
        }
        Some("stream") => stream(input, expected, &test, tally),
        _ => Err("what kind is that?".to_owned()),
    }
}

fn multiplier(
    input: &Value,
    expected: &Value,
    test: &Test,
    tally: &mut Tally,
) -> Result<(), String> {
    let mut answer = Answer::new(expected, tally);
    let got = test.multiplier(count(&input["n_total"])?);
    answer.number("multiplier", Some(got), relative(1e-12))?;
    // It is inside the multiplier.
    answer.not_offered(&["rho_squared"]);
    answer.finish()
}

fn p_value(input: &Value, expected: &Value, test: &Test, tally: &mut Tally) -> Result<(), String> {
    let (z, units) = (number(&input["z"])?, count(&input["n_total"])?);
    let mut answer = Answer::new(expected, tally);
    let within = Within {
        relative: 1e-8,
        absolute: 1e-12,
    };
    answer.number("ln_e_value", test.ln_e(z, units), within)?;
    answer.p(Some(test.p(z, units)), 1e-8)?;
    answer.finish()
}

fn comparison(got: &Comparison, expected: &Value, tally: &mut Tally) -> Result<(), String> {
    let mut answer = Answer::new(expected, tally);
    answer.number("multiplier", Some(got.multiplier), relative(1e-12))?;
    if got.method == Method::Welch && got.spread != Spread::PerTrack {
        // They are those of Welch's error.
        answer.not_offered(&["z", "se", "p", "log10_p", "diff_ci", "lift_ci_fieller"]);
    }
    answer.number("z", Some(got.z), relative(1e-9))?;
    answer.number("se", Some(got.standard_error), relative(1e-9))?;
    answer.p(Some(got.p), 1e-8)?;
    answer.interval("diff_ci", Some(limits(got.difference.interval)), 1e-7)?;
    let lift = got.lift_interval.ok().map(limits);
    answer.interval("lift_ci_fieller", lift, 1e-7)?;
    let ratio = lift.map(|limits| limits.map(|limit| limit + 1.0));
    answer.interval("ratio_ci", ratio, 1e-7)?;
    answer.finish()
}

fn stream(input: &Value, expected: &Value, test: &Test, tally: &mut Tally) -> Result<(), String> {
    let looks = input["looks"].as_array().ok_or("there are no looks")?;
    let expected = expected["looks"].as_array().ok_or("no answers")?;
    if looks.len() != expected.len() {
        return Err("as many answers as looks".to_owned());
    }
    let mut least = 1.0;
    for (look, expected) in looks.iter().zip(expected) {
        let (control, track) = (rate(&look["control"])?, rate(&look["treatment"])?);
        let units = control.units + track.units;
        let z = pooled_z(&control, &track).map_err(|why| why.to_string())?;
        least = f64::min(least, test.p(z, units));
        let got = compare_rates(&control, &track, test).map_err(|why| why.to_string())?;
        let mut answer = Answer::new(expected, tally);
        answer.number("n_total", Some(units as f64), relative(0.0))?;
        answer.number("z", Some(z), relative(1e-9))?;
        answer.number("multiplier", Some(got.multiplier), relative(1e-12))?;
        answer.p(Some(got.p), 1e-8)?;
        answer.number("running_p", Some(least), relative(1e-8))?;
        answer.interval("diff_ci", Some(limits(got.difference.interval)), 1e-7)?;
        answer.finish()?;
    }
    Ok(())
}
