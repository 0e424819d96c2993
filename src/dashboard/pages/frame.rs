//! The frame around each page: navigation, notice of old numbers, name of the user.

use crate::dashboard::{
    ended,
    visit::{Level, Visit, Who},
};

/// The frame around each page.
#[derive(Debug)]
pub(super) struct Frame {
    /// The entry of the navigation that is marked.
    pub(super) place: Place,
    /// The relative path to the first page. It is empty except below a path that does not exist.
    pub(super) root: String,
    /// A sentence if the numbers are old.
    pub(super) missing: Option<String>,
    /// Whether any test has ended.
    has_ended: bool,
    pub(super) who: Who,
    /// Whether there are changes of running tests to show.
    has_controls: bool,
}

/// The entry of the navigation to which a page belongs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    Sets,
    Ended,
    Unit,
    Planner,
    Recorder,
    Changes,
    Pauses,
    Glossary,
    /// A page without an entry of its own.
    Elsewhere,
}

/// The entries of the navigation, with their paths and titles.
const TABS: [(Place, &str, &str); 8] = [
    (Place::Sets, "sets", "Tests"),
    (Place::Ended, "ended", "Decisions"),
    (Place::Unit, "unit", "Units"),
    (Place::Planner, "planner", "Planner"),
    (Place::Recorder, "recorder", "Recorder"),
    (Place::Changes, "changes", "Changes"),
    (Place::Pauses, "pauses", "Pauses"),
    (Place::Glossary, "glossary", "Glossary"),
];

impl Frame {
    /// Returns the frame of a page at the top, where all pages with a route are.
    pub(super) fn new(place: Place, visit: &Visit) -> Self {
        Self {
            place,
            root: String::new(),
            missing: visit.missing(),
            has_ended: ended::any(&visit.known.report, &visit.board),
            who: visit.who.clone(),
            has_controls: visit.board.has_controls(),
        }
    }

    /// Sets the path of the page, which may have several segments.
    pub(super) fn at(mut self, path: &str) -> Self {
        // A browser resolves `..` from the folder of an address, so its last segment does not
        // count.
        self.root = "../".repeat(path.matches('/').count().saturating_sub(1));
        self
    }

    /// Returns the entries that the user may see, and that show something.
    pub(super) fn tabs(&self) -> impl Iterator<Item = (Place, &'static str, &'static str)> {
        let sees_units = self.who.level >= Level::Read;
        let is_shown = move |place: Place| match place {
            Place::Unit => sees_units,
            Place::Ended => self.has_ended,
            Place::Changes => self.has_controls,
            _ => true,
        };
        TABS.into_iter().filter(move |(place, ..)| is_shown(*place))
    }
}
