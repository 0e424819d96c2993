use serde_json::Value;
use tower_tracks::stats::{benjamini_hochberg, bonferroni, holm};

use super::{
    Tally,
    answer::{list, relative},
    numbers,
};

pub(super) fn run(case: &Value, tally: &mut Tally) -> Result<(), String> {
    let p_values = numbers(&case["input"]["p_values"])?;
    let fields = case["expect"].as_object().ok_or("no answers")?;
    for (name, expected) in fields {
        let got = match &**name {
            "bonferroni" => bonferroni(&p_values),
            "holm" => holm(&p_values),
            "benjamini_hochberg" => benjamini_hochberg(&p_values),
            _ => return Err(format!("what is {name}?")),
        };
        let got: Vec<_> = got.into_iter().map(Some).collect();
        list(expected, &got, relative(1e-12), tally).map_err(|error| format!("{name}: {error}"))?;
    }
    Ok(())
}
