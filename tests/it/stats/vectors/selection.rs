use serde_json::Value;
use tower_tracks::stats::selected;

use super::{
    Tally,
    answer::{Answer, absolute},
    number,
};

pub(super) fn run(case: &Value, tally: &mut Tally) -> Result<(), String> {
    let input = &case["input"];
    let corrected = selected(number(&input["z"])?, number(&input["critical"])?);
    let mut answer = Answer::new(&case["expect"], tally);
    answer.number("corrected", corrected.ok(), absolute(1e-9))?;
    answer.finish()
}
