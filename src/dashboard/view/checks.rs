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

/// Returns the checks of the health of a phase, always in the same order.
pub(in crate::dashboard) fn checks(phase: &PhaseReport) -> Vec<Check> {
    let health = &phase.health;
    vec![
        ratio(health),
        Check {
            tone: bad_if(health.crossed_share > 0.01),
            name: "Units in several tracks",
            state: verdict(health.crossed == 0, health.crossed_share > 0.01),
            more: match health.crossed {
                0 => "none".to_owned(),
                units => format!(
                    "{} ({}), left out",
                    count(units),
                    percent(health.crossed_share)
                ),
            },
        },
        Check {
            tone: bad_if(health.stray > 0),
            name: "Units in a track without weight",
            state: verdict(health.stray == 0, true),
            more: match health.stray {
                0 => "none".to_owned(),
                units => format!("{} in {}", count(units), health.stray_tracks.join(", ")),
            },
        },
        losses(health),
        coin(health),
        definition(health),
    ]
}

/// The check of the sample ratio.
fn ratio(health: &Health) -> Check {
    let known = health.sample_ratio.known();
    let (tone, state) = match known.map(|ratio| ratio.state) {
        Some(RatioState::Fine) => (Tone::Good, "fine"),
        Some(RatioState::Suspected) => (Tone::Warn, "suspected mismatch"),
        Some(RatioState::Mismatch) => (Tone::Bad, "mismatch"),
        None => (Tone::Warn, "not known"),
    };
    let more = match known {
        Some(ratio) => {
            let chi = ratio
                .chi_square_p
                .map(|p| format!("; chi-square {}", stated_p(p)));
            format!(
                "{} at every look{}",
                stated_p(ratio.p),
                chi.unwrap_or_default()
            )
        }
        None => health.sample_ratio.why().unwrap_or_default().to_owned(),
    };
    Check {
        tone,
        name: "Sample ratio",
        state,
        more,
    }
}

/// The check that the definition stayed the same within the phase.
fn definition(health: &Health) -> Check {
    let (tone, state, more) = match (health.weights_changed_on, health.fingerprints.len()) {
        (Some(day), _) => (
            Tone::Bad,
            "not fine",
            format!("the weights changed on {day}"),
        ),
        (None, 0 | 1) => (Tone::Good, "fine", "one in this phase".to_owned()),
        (None, several) => (
            Tone::Warn,
            "changed",
            format!("{several} in one phase, so units may have been moved"),
        ),
    };
    Check {
        tone,
        name: "Definition",
        state,
        more,
    }
}

/// The check of lost events. Losses are a warning, and uneven losses a doubt about the results.
fn losses(health: &Health) -> Check {
    let lost = total(health.lost.iter().map(|lost| lost.n));
    let is_uneven = health.uneven_loss.is_some_and(|p| p <= 0.01);
    let more = match lost {
        0 => "none".to_owned(),
        lost if is_uneven => format!("{}, of one track more than of another", count(lost)),
        lost => format!("{}, evenly as far as known", count(lost)),
    };
    Check {
        tone: match lost {
            0 => Tone::Good,
            _ => Tone::Warn,
        },
        name: "Lost events",
        state: verdict(lost == 0, is_uneven),
        more,
    }
}

/// The check of the A/A test by the coin.
fn coin(health: &Health) -> Check {
    let alarms = health.coin.alarms.len();
    let (tone, state, more) = match (health.coin.known, alarms) {
        (false, 0) => (Tone::Calm, "not known", "no coin was recorded".to_owned()),
        (_, 0) => (
            Tone::Good,
            "fine",
            "halves of a track do not differ".to_owned(),
        ),
        _ => {
            let at =
                |alarm: &crate::report::CoinAlarm| format!("{} in {}", alarm.goal, alarm.track);
            let places: Vec<String> = health.coin.alarms.iter().map(at).collect();
            let more = format!("halves of one track differ: {}", places.join(", "));
            (Tone::Bad, "broken", more)
        }
    };
    Check {
        tone,
        name: "A/A test",
        state,
        more,
    }
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
    match is_bad {
        true => Tone::Bad,
        false => Tone::Good,
    }
}
