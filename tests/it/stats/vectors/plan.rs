use serde_json::Value;
use tower_tracks::stats::PowerAnalysis;

use super::{
    Answer, Tally,
    answer::{absolute, relative},
    count, number,
};

pub(super) fn run(case: &Value, tally: &mut Tally) -> Result<(), String> {
    let input = &case["input"];
    let mut answer = Answer::new(&case["expect"], tally);
    let get = |name: &str| number(&input[name]);
    let alpha = get("alpha")?;
    let fixed = PowerAnalysis::fixed(alpha).power(get("power")?);
    let fixed = match input.get("control_per_treatment") {
        Some(control) => fixed.control_per_track(number(control)?),
        None => fixed,
    };
    match case["kind"].as_str() {
        Some("proportion") => {
            let (baseline, delta) = (get("baseline")?, get("delta")?);
            let size = fixed.for_rate(baseline, delta).ok();
            let ceil = size.map(|size| size.track());
            answer.number(
                "treatment_users",
                size.map(|size| size.exact),
                relative(1e-8),
            )?;
            answer.number("treatment_users_ceil", ceil, relative(0.0))?;
            let power = ceil.and_then(|ceil| fixed.power_of_rate(baseline, delta, ceil).ok());
            answer.number("power_at_ceil", power, absolute(1e-10))?;
        }
        Some("mde_proportion") => {
            let (baseline, units) = (get("baseline")?, get("treatment_users")?);
            let mde = fixed.detectable_rate(baseline, units).ok();
            answer.number("mde_absolute", mde, relative(1e-7))?;
            answer.number(
                "mde_relative",
                mde.map(|mde| mde / baseline),
                relative(1e-7),
            )?;
        }
        Some("mean") => {
            let size = fixed.for_mean(get("sd_control")?, get("sd_treatment")?, get("delta")?);
            answer.number(
                "treatment_users",
                size.ok().map(|size| size.exact),
                relative(1e-8),
            )?;
        }
        Some("sequential_proportion") => {
            let tuned_for = count(&input["n_star"])?;
            let always = PowerAnalysis::always_valid(alpha, tuned_for).power(get("power")?);
            let total = |plan: PowerAnalysis| {
                let size = plan.for_rate(get("baseline")?, get("delta")?);
                Ok::<_, String>(size.ok().map(|size| size.total()))
            };
            let (always, fixed) = (total(always)?, total(fixed)?);
            answer.number("total_users", always, relative(1e-7))?;
            answer.number("fixed_horizon_total_users", fixed, relative(1e-7))?;
            let ratio = always.zip(fixed).map(|(always, fixed)| always / fixed);
            answer.number("ratio", ratio, relative(1e-7))?;
        }
        _ => return Err("what kind is that?".to_owned()),
    }
    answer.finish()
}
