//! The pages before a change is made: the fields of an act, and what it would do.

use askama::Template;
use axum::response::{IntoResponse, Response};
use http::StatusCode;

use crate::{
    control::{Act, Outlook, Void},
    dashboard::{
        pages::{Frame, html, log},
        view::{Difference, differences, in_words, touched},
    },
    figures::plural,
};

use super::{
    asked::{Asked, Wrong},
    entry::Entry,
    kind::Kind,
    refusal::plain,
};

/// The page with the fields of an act.
#[derive(Template)]
#[template(path = "change/fields.html")]
struct Fields<'a> {
    frame: Frame,
    title: String,
    back: String,
    kind: Kind,
    asked: &'a Asked,
    tracks: Vec<&'a str>,
    wrong: Option<Wrong>,
}

/// The page that shows what an act would do.
#[derive(Template)]
#[template(path = "change/look.html")]
struct Look<'a> {
    frame: Frame,
    title: String,
    back: String,
    kind: Kind,
    asked: &'a Asked,
    /// The change that is approved.
    approved: Option<String>,
    trouble: Option<String>,
    differences: Vec<Difference>,
    when: String,
    touched: String,
    author: &'a str,
    phase: u32,
    /// The number of the last change that the page shows.
    previous: u64,
    wrong: Option<Wrong>,
}

/// Returns the page with the fields, or what the act would do if they are entered.
pub(super) fn page(entry: &Entry<'_>) -> Response {
    match entry.act() {
        Ok(Some(act)) => look(entry, &act, None),
        Ok(None) => html(&fields(entry, None)),
        Err(wrong) => wrong_value(entry, wrong),
    }
}

/// Returns the page that shows what an act would do, with what is wrong about the reason.
pub(super) fn look(entry: &Entry<'_>, act: &Act, wrong: Option<Wrong>) -> Response {
    let outlook = match entry.snapshot.outlook(act.clone(), &entry.author) {
        Ok(outlook) => outlook,
        Err(void) => return refused(entry, void),
    };
    let status = match wrong {
        Some(_) => StatusCode::BAD_REQUEST,
        None => StatusCode::OK,
    };
    let page = Look::new(entry, act, &outlook, wrong);
    (status, html(&page)).into_response()
}

/// The response to a value that cannot be read, with the message beside its field.
pub(super) fn wrong_value(entry: &Entry<'_>, wrong: Wrong) -> Response {
    if !entry.kind.has_values() {
        return plain(entry, StatusCode::BAD_REQUEST, &wrong.why);
    }
    let page = fields(entry, Some(wrong));
    (StatusCode::BAD_REQUEST, html(&page)).into_response()
}

/// The response to an act that would have no effect.
pub(super) fn refused(entry: &Entry<'_>, void: Void) -> Response {
    let status = StatusCode::UNPROCESSABLE_ENTITY;
    let why = format!("This is not possible: {void}.");
    if !entry.kind.has_values() {
        return plain(entry, status, &why);
    }
    let page = fields(entry, Some(Wrong::new(of(void), why)));
    (status, html(&page)).into_response()
}

/// Returns the field that a refusal is about; empty for the act as a whole.
fn of(void: Void) -> &'static str {
    match void {
        Void::NoShare => "share",
        Void::NotRising => "steps",
        Void::NoTrack => "track",
        Void::NoSpan => "until",
        _ => "",
    }
}

fn fields<'a>(entry: &'a Entry<'_>, wrong: Option<Wrong>) -> Fields<'a> {
    let tracks = entry.snapshot.set.tracks().iter();
    Fields {
        frame: entry.frame(),
        title: entry.title(),
        back: entry.back(),
        kind: entry.kind,
        asked: &entry.asked,
        tracks: tracks.map(|track| track.name()).collect(),
        wrong,
    }
}

impl<'a> Look<'a> {
    fn new(entry: &'a Entry<'_>, act: &Act, outlook: &Outlook, wrong: Option<Wrong>) -> Self {
        let snapshot = &entry.snapshot;
        let set = &snapshot.set;
        let phase = entry.visit.known.report.phase(set.name(), set.phase());
        let approved = match act {
            Act::Approve { change } => snapshot.change(*change),
            _ => None,
        };
        // What touches units is the change that is approved, and not the approval.
        let of_units = approved.map_or(act, |change| &change.act);
        Self {
            frame: entry.frame(),
            title: entry.title(),
            back: entry.back(),
            kind: entry.kind,
            asked: &entry.asked,
            approved: approved.map(|change| {
                let (author, words) = (&change.author, in_words(&change.act));
                format!("{words}, by {author}: {}", change.reason)
            }),
            trouble: log::trouble(entry.controls),
            differences: differences(set, &snapshot.state, &outlook.after),
            when: when(outlook),
            touched: touched(of_units, snapshot, outlook, phase),
            author: &entry.author,
            phase: set.phase(),
            previous: snapshot.changes.last().map_or(0, |change| change.number),
            wrong,
        }
    }

    /// Returns whether nothing changes before a time of the act itself.
    fn is_later(&self) -> bool {
        self.kind == Kind::Ramp
    }

    /// Returns what is wrong about the reason.
    fn about_reason(&self) -> Option<&str> {
        self.wrong.as_ref().map(|wrong| &*wrong.why)
    }
}

impl Fields<'_> {
    /// Returns what is wrong about a field.
    fn about(&self, field: &str) -> Option<&str> {
        let wrong = self.wrong.as_ref().filter(|wrong| wrong.field == field);
        wrong.map(|wrong| &*wrong.why)
    }
}

/// Returns when a change takes effect, in words.
fn when(outlook: &Outlook) -> String {
    let seconds = outlook.delay.as_secs();
    let when = match seconds {
        0 => {
            "At once on this server, and on each other node when it has read the change.".to_owned()
        }
        _ => format!(
            "{} after it is made, on all nodes together.",
            plural(seconds, "second")
        ),
    };
    match outlook.needs_approval {
        true => format!("When another person has approved it. {when}"),
        false => when,
    }
}
