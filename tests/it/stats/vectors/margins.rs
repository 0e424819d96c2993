use serde_json::Value;
use tower_tracks::stats::{
    Interval, LiftBounds, NonInferiority, Relevance, Wanted, non_inferiority, relevance,
};

use super::{Answer, Tally, number};

pub(super) fn run(case: &Value, tally: &mut Tally) -> Result<(), String> {
    let input = &case["input"];
    let wanted = match input["wanted"].as_str() {
        None | Some("more") => Wanted::More,
        Some("less") => Wanted::Less,
        Some(other) => return Err(format!("who wants {other}?")),
    };
    let lift = bounds(&input["lift_ci"], wanted);
    let guardrail = non_inferiority(&lift, number(&input["margin"])?);
    let primary = relevance(&lift, number(&input["smallest_that_matters"])?);
    let mut answer = Answer::new(&case["expect"], tally);
    let (word, within) = match guardrail {
        NonInferiority::Worse { within_margin } => ("worse", within_margin),
        NonInferiority::NotWorseThanMargin => ("not-worse-than-margin", true),
        NonInferiority::Unclear => ("unclear", false),
    };
    answer.word("guardrail", word)?;
    answer.flag("not_worse_than_margin", within)?;
    answer.word("primary", word_of(primary))?;
    answer.finish()
}

/// The limits, of which null is infinite; without an interval both are. Where a limit is exactly 0,
/// the test has not excluded it.
fn bounds(limits: &Value, wanted: Wanted) -> LiftBounds {
    let lower = limits[0].as_f64().unwrap_or(f64::NEG_INFINITY);
    let upper = limits[1].as_f64().unwrap_or(f64::INFINITY);
    let significant = lower > 0.0 || upper < 0.0;
    LiftBounds::new(Interval { lower, upper }, significant, wanted)
}

fn word_of(primary: Relevance) -> &'static str {
    match primary {
        Relevance::BetterByMore => "better-by-more",
        Relevance::WorseByMore => "worse-by-more",
        Relevance::Better => "better",
        Relevance::Worse => "worse",
        Relevance::TooSmallToMatter => "too-small-to-matter",
        Relevance::Unclear => "unclear",
    }
}
