//! Acts in words.

use crate::{
    control::{Act, Step},
    figures::{percent, plural},
    report::Utc,
};

/// Returns what an act did, with the shares before and since if it changed them.
pub(super) fn sentence(act: &Act, shares: Option<[f64; 2]>) -> String {
    match act {
        Act::Pause => "the set was paused".to_owned(),
        Act::Resume => "the pause ended".to_owned(),
        Act::Share { share, .. } => match shares {
            Some(shares) => moved(shares),
            None => format!("the share was set to {}", percent(*share)),
        },
        Act::Ramp { steps, .. } => ramp(steps),
        Act::Close => "the enrolment was closed".to_owned(),
        Act::Ship { track } => format!("the track {track} was shipped"),
        Act::Exclude { from, until } => format!(
            "units first exposed from {} to {} are left out",
            Utc(*from),
            Utc(*until)
        ),
        Act::Reset => match shares {
            Some(shares) => format!("all changes were undone; {}", moved(shares)),
            None => "all changes were undone".to_owned(),
        },
        Act::Approve { change } => format!("change {change} was approved"),
    }
}

/// Returns what a step of a ramp did.
pub(super) fn step(shares: [f64; 2]) -> String {
    format!("by the ramp, {}", moved(shares))
}

fn moved([before, since]: [f64; 2]) -> String {
    let how = if since > before { "raised" } else { "lowered" };
    let [before, since] = [before, since].map(percent);
    format!("the share was {how} from {before} to {since}")
}

fn ramp(steps: &[Step]) -> String {
    let last = steps.last().map_or(0.0, |step| step.share);
    let steps = plural(steps.len() as u64, "step");
    format!("a ramp to {} in {steps} was set", percent(last))
}
