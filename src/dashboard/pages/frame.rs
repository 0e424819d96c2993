//! The frame around each page: navigation, notice of old numbers, name of the user.

use std::sync::Arc;

use crate::dashboard::{
    board::Board,
    known::Known,
    level::{Level, Who},
};

/// The frame around each page.
#[derive(Debug)]
pub(super) struct Frame {
    /// The entry of the navigation that is marked.
    place: Place,
    /// The relative path to the first page. It is empty except below a path that does not exist.
    pub(super) root: String,
    /// A sentence if the numbers are old.
    pub(super) missing: Option<String>,
    /// The name of the user, if the request may act.
    pub(super) who: Option<Arc<str>>,
    level: Level,
}

/// The entry of the navigation to which a page belongs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    Sets,
    Unit,
    Planner,
    Recorder,
    Pauses,
    /// A page without an entry of its own.
    Elsewhere,
}

/// An entry of the navigation.
#[derive(Debug)]
pub(super) struct Tab {
    pub(super) href: &'static str,
    pub(super) name: &'static str,
    pub(super) is_here: bool,
}

impl Frame {
    /// Returns the frame of a page at the top, where all pages with a route are.
    pub(super) fn new(place: Place, board: &Board, known: &Known, who: Who) -> Self {
        Self {
            place,
            root: String::new(),
            missing: board.missing(known),
            who: who.name,
            level: who.level,
        }
    }

    /// Sets the path of the page, which may have several segments.
    pub(super) fn at(mut self, path: &str) -> Self {
        self.root = "../".repeat(path.matches('/').count().saturating_sub(1));
        self
    }

    /// Returns the entries that the user may see.
    pub(super) fn tabs(&self) -> impl Iterator<Item = Tab> {
        let tab = |href, name, place| Tab {
            href,
            name,
            is_here: place == self.place,
        };
        let sees_units = self.level >= Level::Read;
        let tabs = [
            tab("sets", "Sets", Place::Sets),
            tab("unit", "Units", Place::Unit),
            tab("planner", "Planner", Place::Planner),
            tab("recorder", "Recorder", Place::Recorder),
            tab("pauses", "Pauses", Place::Pauses),
        ];
        let is_seen = move |tab: &Tab| sees_units || tab.href != "unit";
        tabs.into_iter().filter(is_seen)
    }
}
