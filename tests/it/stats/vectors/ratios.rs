use serde_json::Value;
use tower_tracks::stats::{Ratio, RatioSums, Spread, Test, compare_ratios};

use super::{Answer, Tally, answer::relative, count, number, rates::limits};

pub(super) fn ratio(value: &Value) -> Result<Ratio, String> {
    let sums = RatioSums {
        rows: count(&value["n"])?,
        numerator: number(&value["num_sum"])?,
        numerator_squares: number(&value["num_sum_sq"])?,
        denominator: number(&value["den_sum"])?,
        denominator_squares: number(&value["den_sum_sq"])?,
        products: number(&value["cross_sum"])?,
    };
    sums.ratio().map_err(|why| why.to_string())
}

pub(super) fn run(case: &Value, tally: &mut Tally) -> Result<(), String> {
    let input = &case["input"];
    let (control, track) = (ratio(&input["control"])?, ratio(&input["treatment"])?);
    let test = Test::fixed(number(&input["alpha"])?).map_err(|why| why.to_string())?;
    let got = compare_ratios(&control, &track, &test).map_err(|why| why.to_string())?;
    let mut answer = Answer::new(&case["expect"], tally);
    let within = relative(1e-9);
    answer.number("ratio_control", Some(got.control.value), within)?;
    answer.number("ratio_treatment", Some(got.track.value), within)?;
    answer.number("var_control", control.variance().ok(), within)?;
    answer.number("var_treatment", track.variance().ok(), within)?;
    answer.number("difference", Some(got.difference.value), within)?;
    answer.number("critical", Some(got.multiplier), within)?;
    answer.number("lift", got.lift.ok(), within)?;
    if got.spread == Spread::PerTrack {
        answer.number("se", Some(got.standard_error), within)?;
        answer.number("z", Some(got.z), within)?;
        answer.p(Some(got.p), 1e-7)?;
        answer.interval("diff_ci", Some(limits(got.difference.interval)), 1e-9)?;
        answer.interval("lift_ci_fieller", got.lift_interval.ok().map(limits), 1e-9)?;
    } else {
        // They are those of the plain error; `ratio_pooled` has those of the larger one.
        answer.not_offered(&["se", "z", "p", "log10_p", "diff_ci", "lift_ci_fieller"]);
    }
    // The wrong figure, which requests taken for units give.
    answer.not_offered(&["naive_se_control", "naive_se_treatment"]);
    answer.finish()
}
