use serde_json::Value;
use tower_tracks::stats::{
    CONCENTRATION, Headcount, NoAnswer, pearson, ratio_evidence, ratio_p, stray,
};

use super::{
    Answer, Tally,
    answer::{Within, relative},
    count, number, numbers,
};

fn headcounts(weights: &Value, counts: &Value) -> Result<Vec<Headcount>, String> {
    let weights = numbers(weights)?;
    let counts = counts.as_array().ok_or("there are no counts")?;
    if weights.len() != counts.len() {
        return Err("as many weights as counts".to_owned());
    }
    let pair = |(weight, units)| {
        Ok(Headcount {
            weight,
            units: count(units)?,
        })
    };
    weights.into_iter().zip(counts).map(pair).collect()
}

pub(super) fn pearson_case(case: &Value, tally: &mut Tally) -> Result<(), String> {
    let input = &case["input"];
    let tracks = headcounts(&input["weights"], &input["counts"])?;
    let got = pearson(&tracks).ok();
    let mut answer = Answer::new(&case["expect"], tally);
    let within = Within {
        relative: 1e-9,
        absolute: 1e-9,
    };
    answer.number("statistic", got.map(|test| test.statistic), within)?;
    let freedom = got.map(|test| f64::from(test.degrees_of_freedom));
    answer.number("df", freedom, relative(0.0))?;
    answer.p(got.map(|test| test.p), 1e-8)?;
    answer.number("stray", Some(stray(&tracks) as f64), relative(0.0))?;
    let least = got.map(|test| test.least_expected);
    answer.number("min_expected", least, relative(1e-9))?;
    answer.finish()
}

pub(super) fn evidence_case(case: &Value, tally: &mut Tally) -> Result<(), String> {
    let input = &case["input"];
    let concentration = number(&input["concentration"])?;
    let expected = &case["expect"];
    let Some(looks) = input["looks"].as_array() else {
        let tracks = headcounts(&input["weights"], &input["counts"])?;
        return evidence(&tracks, concentration, expected, None, tally);
    };
    let expected = expected["looks"].as_array().ok_or("there are no looks")?;
    if expected.len() != looks.len() {
        return Err("as many answers as looks".to_owned());
    }
    let mut least = 1.0;
    for (counts, expected) in looks.iter().zip(expected) {
        let tracks = headcounts(&input["weights"], counts)?;
        let p = p(&tracks, concentration).map_err(|why| why.to_string())?;
        least = f64::min(least, p);
        evidence(&tracks, concentration, expected, Some(least), tally)?;
    }
    Ok(())
}

fn evidence(
    tracks: &[Headcount],
    concentration: f64,
    expected: &Value,
    least: Option<f64>,
    tally: &mut Tally,
) -> Result<(), String> {
    let mut answer = Answer::new(expected, tally);
    let within = Within {
        relative: 1e-9,
        absolute: 1e-7,
    };
    let got = ratio_evidence(tracks, concentration).ok();
    answer.number("ln_bayes_factor", got, within)?;
    answer.p(p(tracks, concentration).ok(), 1e-6)?;
    answer.number("running_p", least, relative(1e-6))?;
    // The counts of a look are repeated.
    answer.seen(&["counts"]);
    answer.finish()
}

fn p(tracks: &[Headcount], concentration: f64) -> Result<f64, NoAnswer> {
    if concentration == CONCENTRATION {
        return ratio_p(tracks);
    }
    Ok((-ratio_evidence(tracks, concentration)?).exp().min(1.0))
}
