use serde_json::Value;

use super::{
    Band, Simulation, Stream, covariate::Covariate, delay::Delay, goal::Goal, latency::Latency,
    sample_ratio::SampleRatio, segments::Segments, two_sets::TwoSets,
};

/// Reads a case of a file.
pub(super) fn simulation(case: &Value) -> Result<Simulation, String> {
    let id = case["id"].as_str().unwrap_or("a case without a name");
    let of = |error: String| format!("{id}: {error}");
    Ok(Simulation {
        id: id.to_owned(),
        stream: stream(case).map_err(of)?,
        seed: case["seed"]
            .as_u64()
            .ok_or("no seed")
            .map_err(|error| of(error.to_owned()))?,
        band: Band::new(case)
            .ok_or("no band")
            .map_err(|error| of(error.to_owned()))?,
    })
}

fn stream(case: &Value) -> Result<Box<dyn Stream>, String> {
    let input = &case["input"];
    if input["test"] == "srm" {
        return Ok(Box::new(SampleRatio::new(case)?));
    }
    match input["metric"].as_str() {
        Some("proportion") if input["mean_delay_days"].is_array() => {
            Ok(Box::new(Delay::new(case)?))
        }
        Some("p95") => Ok(Box::new(Latency::new(case)?)),
        Some("mean with CUPED") => Ok(Box::new(Covariate::new(case)?)),
        Some("mean") if input["shares"].is_array() => Ok(Box::new(TwoSets::new(case)?)),
        Some("mean") if input["segments"].is_array() => Ok(Box::new(Segments::new(case)?)),
        Some("proportion" | "mean" | "ratio") => Ok(Box::new(Goal::new(case)?)),
        metric => Err(format!("what metric is {metric:?}?")),
    }
}
