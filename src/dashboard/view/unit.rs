//! The facts of a unit, for a page, JSON and CSV.

use serde::Serialize;

use crate::{
    dashboard::{responses::Cell, slow::FACTS},
    report::Utc,
    store::History,
    text::control,
    unit::Unit,
};

/// A page of the facts of a unit.
#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(in crate::dashboard) struct UnitView {
    pub(in crate::dashboard) unit: String,
    /// The first exposures to tracks.
    pub(in crate::dashboard) exposures: Vec<Met>,
    /// The conversions.
    pub(in crate::dashboard) conversions: Vec<Reached>,
    /// The linked units: those that were seen in the same request.
    pub(in crate::dashboard) aliases: Vec<Seen>,
    /// The kind and the key, if the store has keys.
    pub(in crate::dashboard) key: Option<(String, String)>,
    pub(in crate::dashboard) erased_at: Option<Utc>,
    /// The number of this page of facts, from 1.
    pub(in crate::dashboard) page: usize,
    /// The number of the next page, if there is one.
    pub(in crate::dashboard) next_page: Option<usize>,
}

/// A first exposure.
#[derive(Debug, Serialize)]
pub(in crate::dashboard) struct Met {
    pub(in crate::dashboard) at: Utc,
    pub(in crate::dashboard) set: String,
    pub(in crate::dashboard) phase: u32,
    pub(in crate::dashboard) track: String,
    pub(in crate::dashboard) coin: Option<bool>,
}

/// A conversion.
#[derive(Debug, Serialize)]
pub(in crate::dashboard) struct Reached {
    pub(in crate::dashboard) at: Utc,
    pub(in crate::dashboard) goal: String,
    /// The value in the unit of the goal. A store has millionths.
    pub(in crate::dashboard) value: f64,
}

/// A linked unit.
#[derive(Debug, Serialize)]
pub(in crate::dashboard) struct Seen {
    pub(in crate::dashboard) at: Utc,
    pub(in crate::dashboard) unit: String,
}

impl UnitView {
    /// Returns the view of a page; pages count from 1. The history has one fact more than fits if
    /// there is another page.
    pub(in crate::dashboard) fn new(unit: Unit, history: History, page: usize) -> Self {
        let exposures = history.exposures.into_iter();
        let conversions = history.conversions.into_iter();
        let aliases = history.aliases.into_iter();
        let most = exposures.len().max(conversions.len()).max(aliases.len());
        let exposures = exposures.map(|(at, track, coin)| Met {
            at: Utc(at),
            set: track.phase.set.to_string(),
            phase: track.phase.phase,
            track: track.track.to_string(),
            coin,
        });
        let conversions = conversions.map(|(at, goal, value)| Reached {
            at: Utc(at),
            goal: goal.to_string(),
            value: value as f64 / 1e6,
        });
        let aliases = aliases.map(|(at, unit)| Seen {
            at: Utc(at),
            unit: unit.to_string(),
        });
        let key = history.raw.map(|(kind, key)| {
            let key = String::from_utf8_lossy(&key).into_owned();
            (kind.to_string(), key)
        });
        Self {
            unit: unit.to_string(),
            exposures: exposures.take(FACTS).collect(),
            conversions: conversions.take(FACTS).collect(),
            aliases: aliases.take(FACTS).collect(),
            key,
            erased_at: history.erased_at.map(Utc),
            page,
            next_page: (most > FACTS).then_some(page.saturating_add(1)),
        }
    }

    /// Returns the kind and the key for a page, with characters escaped that change the writing
    /// direction.
    pub(in crate::dashboard) fn shown_key(&self) -> Option<String> {
        let (kind, key) = self.key.as_ref()?;
        Some(format!("{kind} {}", control::one_line(key)))
    }

    /// Returns whether nothing is stored about the unit on this page.
    pub(in crate::dashboard) fn is_empty(&self) -> bool {
        self.exposures.is_empty() && self.conversions.is_empty() && self.aliases.is_empty()
    }

    /// Returns the unit, the time, what happened, its name, and its value.
    pub(in crate::dashboard) fn rows(&self) -> impl Iterator<Item = Vec<Cell>> {
        let row = |at: Utc, what: &str, name: &str, value: Option<f64>| {
            let texts = [&self.unit, &*at.to_string(), what, name].map(Cell::text);
            texts.into_iter().chain([Cell::option(value)]).collect()
        };
        let met = move |met: &Met| {
            let name = format!("{}@{}/{}", met.set, met.phase, met.track);
            row(met.at, "exposure", &name, None)
        };
        let reached = move |reached: &Reached| {
            let value = Some(reached.value);
            row(reached.at, "conversion", &reached.goal, value)
        };
        let seen = move |seen: &Seen| row(seen.at, "alias", &seen.unit, None);
        let all = self.exposures.iter().map(met);
        let all = all.chain(self.conversions.iter().map(reached));
        all.chain(self.aliases.iter().map(seen))
    }
}
