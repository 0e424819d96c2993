use serde_json::Value;
use tower_tracks::stats::{Chance, chances};

use super::{
    Tally,
    answer::{Within, absolute, list},
    rates::rate,
};

pub(super) fn run(case: &Value, tally: &mut Tally) -> Result<(), String> {
    let tracks = case["input"]["arms"].as_array().ok_or("no tracks")?;
    let tracks = tracks.iter().map(rate).collect::<Result<Vec<_>, _>>()?;
    let got = chances(&tracks).map_err(|why| why.to_string())?;
    let of = |field: fn(&Chance) -> Option<f64>| got.iter().map(field).collect::<Vec<_>>();
    let loss = Within {
        relative: 1e-6,
        absolute: 1e-12,
    };
    let fields = case["expect"].as_object().ok_or("no answers")?;
    for (name, expected) in fields {
        let (got, within) = match &**name {
            "prob_best" => (of(|chance| Some(chance.best)), absolute(1e-9)),
            "prob_beats_control" => (of(|chance| chance.beats_control), absolute(1e-9)),
            "expected_loss" => (of(|chance| Some(chance.expected_loss)), loss),
            _ => return Err(format!("what is {name}?")),
        };
        list(expected, &got, within, tally).map_err(|error| format!("{name}: {error}"))?;
    }
    Ok(())
}
