//! The checks of a phase, as rows of a table.

use crate::{
    figures::{count, percent, plural, stated_p},
    report::{Health, PhaseReport, RatioState, total},
};

use super::{NoticeView, Tone};

const RATIO: &str = "Sample ratio";
const CROSSED: &str = "Units in several tracks";
const STRAY: &str = "Units in a track without weight";
const LOSSES: &str = "Lost events";
const COIN: &str = "A/A test";

/// One check of the data, with its state in words and details.
#[derive(Debug)]
pub(in crate::dashboard) struct Check {
    pub(in crate::dashboard) tone: Tone,
    pub(in crate::dashboard) name: &'static str,
    /// Its entry in the glossary.
    pub(in crate::dashboard) word: &'static str,
    pub(in crate::dashboard) state: &'static str,
    pub(in crate::dashboard) more: String,
}

impl Check {
    fn new(name: &'static str, tone: Tone, state: &'static str, more: String) -> Self {
        Self {
            tone,
            name,
            word: word(name),
            state,
            more,
        }
    }
}

/// Returns the entry of a check in the glossary.
fn word(name: &str) -> &'static str {
    match name {
        RATIO => "sample-ratio",
        CROSSED => "crossed",
        STRAY => "stray",
        LOSSES => "lost",
        COIN => "aa-test",
        _ => "definition",
    }
}

/// The health of a phase in one line.
#[derive(Debug)]
pub(in crate::dashboard) struct HealthLine {
    pub(in crate::dashboard) tone: Tone,
    /// The state in one or two words.
    pub(in crate::dashboard) state: &'static str,
    /// What is not fine, and how many warnings there are.
    pub(in crate::dashboard) more: String,
    /// Whether a reader has to see the details.
    pub(in crate::dashboard) is_open: bool,
}

impl HealthLine {
    /// Returns the line over the checks and the warnings of a phase.
    pub(in crate::dashboard) fn of(checks: &[Check], warnings: &[NoticeView]) -> Self {
        let worst = checks
            .iter()
            .map(|check| check.tone)
            .max_by_key(|tone| match tone {
                Tone::Good => 0,
                Tone::Calm => 1,
                Tone::Warn => 2,
                Tone::Bad => 3,
            });
        let blocks = warnings.iter().filter(|warning| warning.blocks).count() as u64;
        let (tone, state) = match worst {
            Some(Tone::Bad) => (Tone::Bad, "not to be trusted"),
            _ if blocks > 0 => (Tone::Warn, "doubtful"),
            Some(Tone::Warn) => (Tone::Warn, "sound as far as known"),
            _ => (Tone::Good, "sound"),
        };
        let mut more: Vec<String> = checks
            .iter()
            .filter(|check| matches!(check.tone, Tone::Bad | Tone::Warn))
            .map(|check| format!("{}: {}", check.name, check.state))
            .collect();
        if blocks > 0 {
            more.push(format!("{} to clear up first", plural(blocks, "warning")));
        } else if !warnings.is_empty() {
            more.push(plural(warnings.len() as u64, "warning"));
        }
        let is_fine = more.is_empty();
        Self {
            tone,
            state,
            more: match is_fine {
                true => format!("{} checks, nothing found", checks.len()),
                false => more.join("; "),
            },
            is_open: blocks > 0 || matches!(worst, Some(Tone::Bad | Tone::Warn)),
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
    let name = RATIO;
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
    Check::new(CROSSED, bad_if(is_bad), state, more)
}

/// The check that no unit was exposed to a track that never had a weight.
fn stray(health: &Health) -> Check {
    let is_bad = health.stray > 0;
    let state = verdict(!is_bad, is_bad);
    let more = match health.stray {
        0 => "none".to_owned(),
        units => format!("{} in {}", count(units), health.stray_tracks.join(", ")),
    };
    Check::new(STRAY, bad_if(is_bad), state, more)
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
            // So few events change no result.
            if lost < 1_000 { Tone::Calm } else { Tone::Warn },
            format!("{}, evenly as far as known", count(lost)),
        ),
    };
    Check::new(LOSSES, tone, verdict(lost == 0, is_uneven), more)
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
    Check::new(COIN, tone, state, more)
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
