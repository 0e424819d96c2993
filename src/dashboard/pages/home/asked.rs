//! What a reader asked of the list of sets: a part, a filter and an order.

use std::cmp::Reverse;

use serde::Deserialize;

use crate::{
    dashboard::{
        pages::encoded,
        view::{Standing, days_left},
    },
    report::PhaseReport,
};

use super::Listed;

/// The query of a list: the index of the first item of a page or part.
#[derive(Deserialize)]
pub(in crate::dashboard::pages) struct From {
    #[serde(default)]
    pub(in crate::dashboard::pages) from: usize,
}

/// The query of the page of all sets. A value that does not exist asks for nothing.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(in crate::dashboard::pages) struct Asked {
    pub(super) from: usize,
    /// A part of the name, in any case.
    pub(super) q: String,
    /// The word of a standing.
    pub(super) state: String,
    pub(super) owner: String,
    /// The word of an order.
    pub(super) sort: String,
}

/// An order of the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Order {
    Urgent,
    Name,
    Newest,
    Units,
    DaysLeft,
}

impl Order {
    pub(super) const ALL: [(Self, &'static str, &'static str); 5] = [
        (Self::Urgent, "", "most urgent first"),
        (Self::Name, "name", "by name"),
        (Self::Newest, "newest", "newest first"),
        (Self::Units, "units", "most units first"),
        (Self::DaysLeft, "left", "fewest days left first"),
    ];
}

impl Asked {
    pub(super) fn standing(&self) -> Option<Standing> {
        Standing::from_word(&self.state)
    }

    pub(super) fn order(&self) -> Order {
        let mut orders = Order::ALL.into_iter();
        let order = orders.find(|(_, word, _)| *word == self.sort);
        order.map_or(Order::Urgent, |(order, ..)| order)
    }

    /// Returns whether sets may be left out.
    pub(super) fn is_filtered(&self) -> bool {
        !self.q.is_empty() || !self.owner.is_empty() || self.standing().is_some()
    }

    /// Returns whether a set has the name and the owner.
    pub(super) fn is_named(&self, phase: &PhaseReport) -> bool {
        let is_owned = self.owner.is_empty() || self.owner == phase.intent.owner;
        // Names are short, and there are few sets: lower case of each is cheap.
        is_owned && phase.set.to_lowercase().contains(&self.q.to_lowercase())
    }

    /// Sorts the sets, which are sorted by name.
    pub(super) fn sort(&self, sets: &mut [Listed<'_>]) {
        match self.order() {
            Order::Urgent => sets.sort_by_key(|set| set.headline.rank),
            Order::Name => {}
            Order::Newest => sets.sort_by_key(|set| Reverse(set.phase.first_day)),
            Order::Units => sets.sort_by_key(|set| Reverse(set.phase.units)),
            Order::DaysLeft => sets.sort_by_key(|set| left(set.phase)),
        }
    }

    /// Returns the address of the same list, only with this standing.
    pub(super) fn with_state(&self, state: &str) -> String {
        let state = state.to_owned();
        Self {
            state,
            ..self.clone()
        }
        .at(None)
    }

    /// Returns the address of the same list from an item on.
    pub(super) fn at(&self, from: Option<usize>) -> String {
        let fields = [
            ("q", &self.q),
            ("state", &self.state),
            ("owner", &self.owner),
            ("sort", &self.sort),
        ];
        let fields = fields.into_iter().filter(|(_, value)| !value.is_empty());
        let mut fields: Vec<String> = fields
            .map(|(name, value)| format!("{name}={}", encoded(value)))
            .collect();
        fields.extend(from.map(|from| format!("from={from}")));
        match fields.is_empty() {
            true => "sets".to_owned(),
            false => format!("sets?{}", fields.join("&")),
        }
    }
}

/// Returns the days until the plan of a phase is reached; the largest number without one.
fn left(phase: &PhaseReport) -> u64 {
    let days = phase.intent.progress.as_ref().and_then(days_left);
    days.map_or(u64::MAX, |days| days.ceil() as u64)
}
