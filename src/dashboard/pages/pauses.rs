//! The page with pauses of this server, and the forms that pause and resume sets on it. A pause of all nodes
//! is a change.

use askama::Template;
use axum::{Extension, Form, response::Response};
use serde::{Deserialize, Serialize};

use crate::dashboard::{
    acts::{Act, Pausable},
    responses::{Cell, forbidden},
    visit::{Level, Visit},
};

use super::{Frame, Place, document, html, not_found, see, table};

/// The form: the set to pause or resume.
#[derive(Deserialize)]
pub(super) struct Asked {
    set: String,
    /// Whether the form was on the page of the set, to which the response leads back.
    #[serde(default)]
    from_set: bool,
}

/// The page with all sets that can be paused, and the log.
#[derive(Template)]
#[template(path = "pauses.html")]
struct Page {
    frame: Frame,
    has_controls: bool,
    sets: Vec<Entry>,
    acts: Vec<Act>,
}

/// A set that can be paused on this server.
struct Entry {
    pausable: Pausable,
    /// Whether a change can pause it on all nodes.
    is_controlled: bool,
    /// Whether it is paused by a change or on this server.
    is_paused: bool,
}

/// The same as JSON.
#[derive(Serialize)]
struct Document {
    sets: Vec<Pausable>,
    acts: Vec<Act>,
}

/// The page with pauses.
pub(super) async fn page(visit: Extension<Visit>) -> Response {
    let board = &visit.board;
    let entry = |pausable: Pausable| Entry {
        is_controlled: board.is_controlled(&pausable.set),
        is_paused: board.is_paused(&pausable.set),
        pausable,
    };
    html(&Page {
        frame: Frame::new(Place::Pauses, &visit),
        has_controls: board.has_controls(),
        sets: board.acts.sets().into_iter().map(entry).collect(),
        acts: visit.board.acts.done(),
    })
}

/// The pauses and their log as JSON.
pub(super) async fn json(visit: Extension<Visit>) -> Response {
    document(&Document {
        sets: visit.board.acts.sets(),
        acts: visit.board.acts.done(),
    })
}

/// The sets with their latest entry in the log, as CSV.
pub(super) async fn csv(visit: Extension<Visit>) -> Response {
    let acts = &visit.board.acts;
    let columns = ["set", "paused", "who", "at"];
    let row = |set: Pausable| {
        let last = acts.last(&set.set);
        vec![
            Cell::text(&set.set),
            Cell::number(set.paused),
            Cell::text(last.as_ref().map(|act| &*act.who).unwrap_or_default()),
            Cell::option(last.map(|act| act.at)),
        ]
    };
    table(&columns, acts.sets().into_iter().map(row))
}

/// Pauses a set.
pub(super) async fn pause(visit: Extension<Visit>, Form(asked): Form<Asked>) -> Response {
    put(&visit, &asked, true)
}

/// Resumes a set.
pub(super) async fn resume(visit: Extension<Visit>, Form(asked): Form<Asked>) -> Response {
    put(&visit, &asked, false)
}

/// Pauses or resumes a set. The route already requires the level; the name is checked again, since
/// the log needs it.
fn put(visit: &Visit, asked: &Asked, paused: bool) -> Response {
    let Some(name) = &visit.who.name else {
        return forbidden(Level::Act.refusal());
    };
    if !visit.board.acts.put(&asked.set, paused, name) {
        let frame = Frame::new(Place::Elsewhere, visit);
        return not_found(frame, &format!("No layer has a set “{}”.", asked.set));
    }
    see(&match asked.from_set {
        // A layer's sets have names that stand in a query as they are.
        true => format!("set?name={}", asked.set),
        false => "pauses".to_owned(),
    })
}
