use serde_json::Value;
use tower_tracks::stats::{Counted, Mean, Missing, Rate, TrackCounts};

use super::{Answer, Tally, count, number};

fn cell(kind: &Value, counts: &Value) -> Result<TrackCounts, String> {
    let (units, converters) = (count(&counts[0])?, count(&counts[1])?);
    let mean = Mean {
        units,
        ..Mean::default()
    };
    match kind.as_str() {
        Some("rate") => Ok(Counted::Rate(Rate { units, converters }).into()),
        Some("mean") => Ok(TrackCounts {
            converters: Some(converters),
            ..Counted::Mean(mean).into()
        }),
        _ => Err(format!("what kind is {kind}?")),
    }
}

pub(super) fn run(case: &Value, tally: &mut Tally) -> Result<(), String> {
    let (input, expected) = (&case["input"], &case["expect"]);
    let control = cell(&input["kind"], &input["control"])?;
    let track = cell(&input["kind"], &input["treatment"])?;
    let missing = Missing::of(&control, &track);
    if expected["enough"] != missing.is_none() {
        return Err(format!("it lacks {missing:?}"));
    }
    let missing = missing.unwrap_or_default();
    for (name, got) in [
        ("units", missing.units),
        ("converters", missing.converters),
        ("others", missing.others),
    ] {
        let whole = number(&expected["missing"][name])?.ceil();
        if got as f64 != whole {
            return Err(format!("it lacks {got} {name}, and not {whole}"));
        }
        tally.compared(0.0);
    }
    let mut answer = Answer::new(expected, tally);
    // Compared above.
    answer.seen(&["enough", "missing"]);
    // The expected counts are in the missing data, which is `None` if nothing is missing.
    answer.not_offered(&["expected_converters", "expected_others"]);
    answer.finish()
}
