use crate::{
    figures::{count, percent, stated_p},
    report::{Answer, Health, LostEvents, PhaseReport, RatioState, TrackReport},
};

use super::{Table, paragraph};

/// Writes who is in which track, and whether that can be trusted.
pub(super) fn write(out: &mut String, phase: &PhaseReport) {
    let mut table = Table::new(&["track", "units", "share", "expected"]);
    for track in &phase.tracks {
        table.row(cells(track, phase.units));
    }
    table.write(out, "  ");
    paragraph(out, "  ", &summary(&phase.health));
    for lost in &phase.health.lost {
        paragraph(out, "  ", &line(lost));
    }
    if let Some(covered) = &phase.covered {
        paragraph(out, "  !! ", covered);
    }
}

fn cells(track: &TrackReport, all: u64) -> Vec<String> {
    let share = (all > 0).then(|| percent(track.units as f64 / all as f64));
    vec![
        track.name.clone(),
        count(track.units),
        share.unwrap_or_default(),
        track.expected_share.map(percent).unwrap_or_default(),
    ]
}

fn summary(health: &Health) -> String {
    let ratio = match &health.sample_ratio {
        Answer::Known(ratio) => {
            let state = match ratio.state {
                RatioState::Fine => "fine",
                RatioState::Suspected => "suspected mismatch",
                RatioState::Mismatch => "MISMATCH",
            };
            format!("{state} ({})", stated_p(ratio.p))
        }
        Answer::Unknown { why } => why.clone(),
    };
    let [crossed, stray] = [health.crossed, health.stray].map(count);
    let share = percent(health.crossed_share);
    format!("sample ratio: {ratio}; crossed: {crossed} ({share}); stray: {stray}")
}

fn line(lost: &LostEvents) -> String {
    let what = lost.track.as_deref().or(lost.goal.as_deref());
    let (what, n) = (what.unwrap_or("events"), count(lost.n));
    format!("lost by {}: {n} of {what} ({})", lost.sink, lost.reason)
}
