use serde_json::Value;
use tower_tracks::stats::Cap;

use super::{Answer, Tally, answer::relative, number, numbers};

pub(super) fn run(case: &Value, tally: &mut Tally) -> Result<(), String> {
    let (input, expected) = (&case["input"], &case["expect"]);
    let tracks = [numbers(&input["control"])?, numbers(&input["treatment"])?];
    let slices = tracks.each_ref().map(|track| &**track);
    let cap = Cap::pooled(&slices, number(&input["quantile"])?).map_err(|why| why.to_string())?;
    for (name, track) in ["control", "treatment"].into_iter().zip(slices) {
        let capped = || track.iter().map(|total| cap.apply(*total));
        let mut answer = Answer::new(&expected[name], tally);
        answer.number("n", Some(track.len() as f64), relative(0.0))?;
        answer.number("sum", Some(capped().sum()), relative(1e-12))?;
        let squares = capped().map(|total| total * total).sum();
        answer.number("sum_sq", Some(squares), relative(1e-12))?;
        answer.finish()?;
    }
    let cut = tracks.concat().into_iter().filter(|total| cap.cuts(*total));
    let cut = cut.count() as f64;
    let mut answer = Answer::new(expected, tally);
    answer.number("cap", Some(cap.most()), relative(0.0))?;
    answer.number("capped_users", Some(cut), relative(0.0))?;
    // Compared above.
    answer.seen(&["control", "treatment"]);
    answer.finish()
}
