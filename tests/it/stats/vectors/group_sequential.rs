use serde_json::Value;
use tower_tracks::stats::{GroupSequential, NoAnswer, Normal, boundaries, spent};

use super::{
    Answer, Tally,
    answer::{list, relative},
    number, numbers,
};

/// Above it boundaries say no more than that.
const FAR: f64 = 8.0;

pub(super) fn run(case: &Value, tally: &mut Tally) -> Result<(), String> {
    let (input, expected) = (&case["input"], &case["expect"]);
    let (alpha, information) = (number(&input["alpha"])?, numbers(&input["information"])?);
    let design = GroupSequential::new(alpha, &information).map_err(|why| why.to_string())?;
    let found: Vec<f64> = design.boundaries().collect();
    if boundaries(alpha, &information).as_ref() != Ok(&found) {
        return Err("the two ways to boundaries differ".to_owned());
    }
    near("boundaries", &expected["boundaries"], &found, &found, tally)?;
    let nominal = found
        .iter()
        .map(|c| 2.0 * Normal.sf(*c).unwrap())
        .collect::<Vec<_>>();
    near("nominal_p", &expected["nominal_p"], &nominal, &found, tally)?;
    let spent = information
        .iter()
        .map(|time| spent(alpha, *time).ok())
        .collect::<Vec<_>>();
    list(&expected["spent"], &spent, relative(1e-7), tally)?;
    let mut answer = Answer::new(expected, tally);
    answer.seen(&["boundaries", "nominal_p", "spent", "found_by_look"]);
    if let Some(power) = input["power"].as_f64() {
        powered(&design, power, &mut answer).map_err(|why| why.to_string())??;
    }
    answer.finish()?;
    if let Some(power) = input["power"].as_f64() {
        let drift = design.drift(power).map_err(|why| why.to_string())?;
        let sum = |sum: &mut f64, exit: f64| {
            *sum += exit;
            Some(Some(*sum))
        };
        let cumulative: Vec<_> = design
            .exits(drift)
            .into_iter()
            .flatten()
            .scan(0.0, sum)
            .collect();
        list(
            &expected["found_by_look"],
            &cumulative,
            relative(1e-7),
            tally,
        )?;
    }
    Ok(())
}

fn powered(
    design: &GroupSequential,
    power: f64,
    answer: &mut Answer<'_>,
) -> Result<Result<(), String>, NoAnswer> {
    let drift = design.drift(power)?;
    let inflation = design.inflation(power)?;
    let mean = [drift, 0.0].map(|drift| design.mean_information(drift).ok());
    let compared = answer
        .number("drift", Some(drift), relative(1e-7))
        .and_then(|()| answer.number("inflation", Some(inflation), relative(1e-6)))
        .and_then(|()| answer.number("mean_information_at_effect", mean[0], relative(1e-7)))
        .and_then(|()| answer.number("mean_information_without", mean[1], relative(1e-7)));
    Ok(compared)
}

/// Compares what belongs to boundaries; of those above 8 that they are.
fn near(
    name: &str,
    expected: &Value,
    got: &[f64],
    boundaries: &[f64],
    tally: &mut Tally,
) -> Result<(), String> {
    let expected_all = expected.as_array().ok_or("no answers")?;
    if expected_all.len() != got.len() {
        return Err(format!("{name}: {} of {}", got.len(), expected_all.len()));
    }
    let tolerance = if name == "boundaries" { 1e-7 } else { 1e-5 };
    for ((expected, got), boundary) in expected_all.iter().zip(got).zip(boundaries) {
        let far = Normal.sf(FAR).unwrap() * 2.0;
        let is_far = if name == "boundaries" {
            number(expected)? > FAR
        } else {
            number(expected)? < far
        };
        if is_far && *boundary > FAR {
            tally.compared(0.0);
            continue;
        }
        let one = Value::Array(vec![expected.clone()]);
        list(&one, &[Some(*got)], relative(tolerance), tally)
            .map_err(|error| format!("{name}: {error}"))?;
    }
    Ok(())
}
