//! The page with pauses, and the forms that pause and resume sets.

use std::sync::Arc;

use askama::Template;
use axum::{Extension, Form, extract::State, response::Response};
use serde::{Deserialize, Serialize};

use crate::dashboard::{
    acts::Act,
    board::Board,
    csv::Cell,
    level::{Level, Who},
    responses::forbidden,
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
    sets: Vec<Pausable>,
    acts: Vec<Act>,
}

/// The same as JSON.
#[derive(Serialize)]
struct Document {
    sets: Vec<Pausable>,
    acts: Vec<Act>,
}

/// A set that can be paused.
#[derive(Serialize)]
struct Pausable {
    set: String,
    paused: bool,
}

/// The page with pauses.
pub(super) async fn page(
    State(board): State<Arc<Board>>,
    Extension(who): Extension<Who>,
) -> Response {
    html(&Page {
        frame: Frame::new(Place::Pauses, &board, &board.known(), who),
        sets: sets(&board),
        acts: board.acts.done(),
    })
}

/// The pauses and their log as JSON.
pub(super) async fn json(State(board): State<Arc<Board>>) -> Response {
    document(&Document {
        sets: sets(&board),
        acts: board.acts.done(),
    })
}

/// The sets with their latest entry in the log, as CSV.
pub(super) async fn csv(State(board): State<Arc<Board>>) -> Response {
    let columns = ["set", "paused", "who", "at"];
    let row = |set: Pausable| {
        let last = board.acts.last(&set.set);
        vec![
            Cell::text(set.set),
            Cell::number(set.paused),
            Cell::text(last.as_ref().map(|act| &*act.who).unwrap_or_default()),
            Cell::option(last.map(|act| act.at)),
        ]
    };
    table(&columns, sets(&board).into_iter().map(row))
}

/// Pauses a set.
pub(super) async fn pause(
    State(board): State<Arc<Board>>,
    Extension(who): Extension<Who>,
    Form(asked): Form<Asked>,
) -> Response {
    put(&board, who, &asked, true)
}

/// Resumes a set.
pub(super) async fn resume(
    State(board): State<Arc<Board>>,
    Extension(who): Extension<Who>,
    Form(asked): Form<Asked>,
) -> Response {
    put(&board, who, &asked, false)
}

/// Pauses or resumes a set. The route already requires the level; the name is checked again, since
/// the log needs it.
fn put(board: &Board, who: Who, asked: &Asked, paused: bool) -> Response {
    let Some(name) = &who.name else {
        return forbidden(Level::Act.refusal());
    };
    if !board.acts.put(&asked.set, paused, name) {
        let frame = Frame::new(Place::Elsewhere, board, &board.known(), who);
        return not_found(frame, &format!("No layer has a set “{}”.", asked.set));
    }
    see(&match asked.from_set {
        // A layer's sets have names that stand in a query as they are.
        true => format!("set?name={}", asked.set),
        false => "pauses".to_owned(),
    })
}

/// Returns all sets that can be paused, sorted by name.
fn sets(board: &Board) -> Vec<Pausable> {
    let sets = board.acts.sets().into_iter();
    sets.map(|(set, paused)| Pausable { set, paused }).collect()
}
