use serde_json::Value;
use tower_tracks::stats::{Interval, Normal, Rate, Test, compare_rates, wilson};

use super::{Answer, Tally, answer::relative, count, number};

pub(super) fn rate(value: &Value) -> Result<Rate, String> {
    Ok(Rate {
        units: count(&value["users"])?,
        converters: count(&value["converters"])?,
    })
}

pub(super) fn limits(interval: Interval) -> [f64; 2] {
    [interval.lower, interval.upper]
}

pub(super) fn run(case: &Value, tally: &mut Tally) -> Result<(), String> {
    let input = &case["input"];
    let (control, track) = (rate(&input["control"])?, rate(&input["treatment"])?);
    let alpha = number(&input["alpha"])?;
    let critical = number(&input["critical"])?;
    if (Normal.inverse_sf(alpha / 2.0).unwrap() / critical - 1.0).abs() > 1e-12 {
        return Err("the critical value is not that of alpha".to_owned());
    }
    let test = Test::fixed(alpha).map_err(|why| why.to_string())?;
    let got = compare_rates(&control, &track, &test).map_err(|why| why.to_string())?;
    let mut answer = Answer::new(&case["expect"], tally);
    let points = relative(1e-12);
    answer.number("rate_control", Some(got.control.value), points)?;
    answer.number("rate_treatment", Some(got.track.value), points)?;
    answer.number("difference", Some(got.difference.value), points)?;
    answer.number("lift", got.lift.ok(), points)?;
    answer.number("ratio", got.lift.ok().map(|lift| lift + 1.0), points)?;
    answer.number("z", Some(got.z), relative(1e-9))?;
    answer.p(Some(got.p), 1e-7)?;
    for (name, rate) in [("wilson_control", &control), ("wilson_treatment", &track)] {
        let limits = wilson(rate, critical)
            .ok()
            .map(|rate| limits(rate.interval));
        answer.interval(name, limits, 1e-7)?;
    }
    answer.interval("diff_ci_score", Some(limits(got.difference.interval)), 1e-7)?;
    let lift = got.lift_interval.ok().map(limits);
    answer.interval("lift_ci_score", lift, 1e-7)?;
    let ratio = lift.map(|limits| limits.map(|limit| limit + 1.0));
    answer.interval("ratio_ci_score", ratio, 1e-7)?;
    answer.not_offered(&["diff_ci_newcombe", "lift_delta_se", "lift_ci_delta_normal"]);
    answer.finish()
}
