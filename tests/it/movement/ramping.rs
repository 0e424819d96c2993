use tower_tracks::{Choice, MultiTrackSet};

use super::{all, check, choices, percent, three_tracks};

const SHARES: [f64; 4] = [0.01, 0.05, 0.25, 1.0];

/// A group of four equal sets of which one has this share.
fn ramped(share: f64) -> MultiTrackSet {
    let mut group = MultiTrackSet::builder().add(three_tracks("pricing").share(share));
    for name in ["banner", "delay", "search"] {
        group = group.add(three_tracks(name));
    }
    group.build().unwrap()
}

/// Returns what moves while a share grows, and how many of the keys, in percent.
pub(super) fn measure() -> [(&'static str, f64); 2] {
    let groups = SHARES.map(ramped);
    let choices = groups.each_ref().map(choices);
    for (share, choices) in SHARES.iter().zip(&choices) {
        let enrolled = percent(choices, choices, in_pricing, |_, after| after.is_enrolled());
        check("a share lets in what it says", enrolled, 100.0 * share);
    }
    let sum = |counted| {
        let steps = choices.windows(2);
        steps
            .map(|step| percent(&step[0], &step[1], all, counted))
            .sum()
    };
    [
        (
            "a share grows, 1 → 5 → 25 → 100%: out of a track, or into another",
            sum(|before, after| before.is_enrolled() && before.track() != after.track()),
        ),
        (
            "… into another set",
            sum(|before, after| before.set() != after.set()),
        ),
    ]
}

fn in_pricing(before: &Choice<'_>, _: &Choice<'_>) -> bool {
    before.set() == Some("pricing")
}
