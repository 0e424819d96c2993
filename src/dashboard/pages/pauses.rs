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

/// What to pause or resume, and where that was asked.
#[derive(Deserialize)]
pub(super) struct Asked {
    set: String,
    /// Whether to go back to the page of the set.
    #[serde(default)]
    from_set: bool,
}

/// What is paused, and who did that.
#[derive(Template)]
#[template(path = "pauses.html")]
struct Page {
    frame: Frame,
    sets: Vec<Pausable>,
    acts: Vec<Act>,
}

#[derive(Serialize)]
struct Document {
    sets: Vec<Pausable>,
    acts: Vec<Act>,
}

#[derive(Serialize)]
struct Pausable {
    set: String,
    paused: bool,
}

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

pub(super) async fn json(State(board): State<Arc<Board>>) -> Response {
    document(&Document {
        sets: sets(&board),
        acts: board.acts.done(),
    })
}

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

pub(super) async fn pause(
    State(board): State<Arc<Board>>,
    Extension(who): Extension<Who>,
    Form(asked): Form<Asked>,
) -> Response {
    put(&board, who, &asked, true)
}

pub(super) async fn resume(
    State(board): State<Arc<Board>>,
    Extension(who): Extension<Who>,
    Form(asked): Form<Asked>,
) -> Response {
    put(&board, who, &asked, false)
}

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

fn sets(board: &Board) -> Vec<Pausable> {
    let sets = board.acts.sets().into_iter();
    sets.map(|(set, paused)| Pausable { set, paused }).collect()
}
