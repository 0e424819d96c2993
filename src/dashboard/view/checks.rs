//! The checks of a phase, as rows of a table.

use crate::{
    figures::{count, percent, stated_p},
    report::{Health, PhaseReport, RatioState, total},
};

use super::Tone;

/// One check of the data, with its state in words and details.
#[derive(Debug)]
pub(in crate::dashboard) struct Check {
    pub(in crate::dashboard) tone: Tone,
    pub(in crate::dashboard) name: &'static str,
    pub(in crate::dashboard) state: &'static str,
    pub(in crate::dashboard) more: String,
}

impl Check {
    fn new(name: &'static str, tone: Tone, state: &'static str, more: String) -> Self {
        Self {
            tone,
            name,
            state,
            more,
        }
    }
}

/// Returns the checks of the health of a phase, always in the same order.
pub(in crate::dashboard) fn checks(phase: &PhaseReport) -> [Check; 6] {
    let health = &phase.health;
    [
        ratio(health),
        crossed(health),
        stray(health),
        losses(health),
        coin(health),
        definition(health),
    ]
}

/// The check of the sample ratio.
fn ratio(health: &Health) -> Check {
    let name = "Sample ratio";
    let Some(ratio) = health.sample_ratio.known() else {
        let why = health.sample_ratio.why().unwrap_or_default();
        return Check::new(name, Tone::Warn, "not known", why.to_owned());
    };
    let (tone, state) = match ratio.state {
        RatioState::Fine => (Tone::Good, "fine"),
        RatioState::Suspected => (Tone::Warn, "suspected mismatch"),
        RatioState::Mismatch => (Tone::Bad, "mismatch"),
    };
    let chi = ratio.chi_square_p;
    let chi = chi.map(|p| format!("; chi-square {}", stated_p(p)));
    let (p, chi) = (stated_p(ratio.p), chi.unwrap_or_default());
    Check::new(name, tone, state, format!("{p} at every look{chi}"))
}

/// The check that no unit was exposed to several tracks.
fn crossed(health: &Health) -> Check {
    let is_bad = health.crossed_share > 0.01;
    let state = verdict(health.crossed == 0, is_bad);
    let share = percent(health.crossed_share);
    let more = match health.crossed {
        0 => "none".to_owned(),
        units => format!("{} ({share}), left out", count(units)),
    };
    Check::new("Units in several tracks", bad_if(is_bad), state, more)
}

/// The check that no unit was exposed to a track that never had a weight.
fn stray(health: &Health) -> Check {
    let is_bad = health.stray > 0;
    let state = verdict(!is_bad, is_bad);
    let more = match health.stray {
        0 => "none".to_owned(),
        units => format!("{} in {}", count(units), health.stray_tracks.join(", ")),
    };
    let name = "Units in a track without weight";
    Check::new(name, bad_if(is_bad), state, more)
}

/// The check that the definition stayed the same within the phase.
fn definition(health: &Health) -> Check {
    let (tone, state, more) = match (health.weights_changed_on, health.fingerprints.len()) {
        (Some(day), _) => {
            let more = format!("the weights changed on {day}");
            (Tone::Bad, "not fine", more)
        }
        (None, 0 | 1) => (Tone::Good, "fine", "one in this phase".to_owned()),
        (None, several) => {
            let more = format!("{several} in one phase, so units may have been moved");
            (Tone::Warn, "changed", more)
        }
    };
    Check::new("Definition", tone, state, more)
}

/// The check of lost events. Losses are a warning, and uneven losses a doubt about the results.
fn losses(health: &Health) -> Check {
    let lost = total(health.lost.iter().map(|lost| lost.n));
    let is_uneven = health.uneven_loss.is_some_and(|p| p <= 0.01);
    let (tone, more) = match lost {
        0 => (Tone::Good, "none".to_owned()),
        lost if is_uneven => {
            let more = format!("{}, of one track more than of another", count(lost));
            (Tone::Warn, more)
        }
        lost => (
            Tone::Warn,
            format!("{}, evenly as far as known", count(lost)),
        ),
    };
    Check::new("Lost events", tone, verdict(lost == 0, is_uneven), more)
}

/// The check of the A/A test by the coin.
fn coin(health: &Health) -> Check {
    let alarms = health.coin.alarms.iter();
    let places: Vec<String> = alarms
        .map(|alarm| format!("{} in {}", alarm.goal, alarm.track))
        .collect();
    let (tone, state, more) = match (health.coin.known, &places[..]) {
        (false, []) => (Tone::Calm, "not known", "no coin was recorded".to_owned()),
        (true, []) => (
            Tone::Good,
            "fine",
            "halves of a track do not differ".to_owned(),
        ),
        (_, places) => {
            let more = format!("halves of one track differ: {}", places.join(", "));
            (Tone::Bad, "broken", more)
        }
    };
    Check::new("A/A test", tone, state, more)
}

/// Returns the state of a count: none, few, or too many.
fn verdict(is_fine: bool, is_bad: bool) -> &'static str {
    match (is_fine, is_bad) {
        (true, _) => "fine",
        (false, false) => "few",
        (false, true) => "not fine",
    }
}

/// Returns the colour of a check that is either good or bad.
fn bad_if(is_bad: bool) -> Tone {
    if is_bad { Tone::Bad } else { Tone::Good }
}
