use std::sync::Arc;

use askama::Template;
use axum::{
    Extension, Form,
    extract::{Query, State},
    response::Response,
};
use serde::Deserialize;

use crate::{
    assign::{KEY_RULE, Key},
    dashboard::{board::Board, csv::Cell, gate::Who, view::UnitView},
    event::Unit,
};

use super::{Frame, Place, document, html, see, table};

/// In the place of a pseudonym: what was typed is no key.
const NO_KEY: &str = "no-key";

/// By what a unit is addressed: its pseudonym.
#[derive(Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    id: String,
}

/// Who it is, as it is typed. It stands in no address, so that it is in no log.
#[derive(Deserialize)]
pub(super) struct Typed {
    #[serde(default)]
    kind: String,
    key: String,
}

/// What is known of a unit, and the form to look one up.
#[derive(Template)]
#[template(path = "dashboard/unit.html")]
struct Page {
    frame: Frame,
    has_keys: bool,
    id: String,
    found: Option<UnitView>,
    why: Option<String>,
}

pub(super) async fn page(
    State(board): State<Arc<Board>>,
    Query(asked): Query<Asked>,
    Extension(who): Extension<Who>,
) -> Response {
    let (found, why) = match find(&board, &asked.id).await {
        _ if asked.id.is_empty() => (None, None),
        Ok(found) => (Some(found), None),
        Err(why) => (None, Some(why)),
    };
    html(&Page {
        frame: Frame::new(Place::Unit, &board, &board.known(), who),
        has_keys: board.units().is_some(),
        id: Some(asked.id).filter(|id| id != NO_KEY).unwrap_or_default(),
        found,
        why,
    })
}

pub(super) async fn ask(State(board): State<Arc<Board>>, Form(typed): Form<Typed>) -> Response {
    let kind = match typed.kind.trim() {
        "" => "visitor",
        kind => kind,
    };
    match board.units() {
        Some(units) => {
            let key = Some(Key::from(&typed.key)).filter(Key::is_valid);
            match key.map(|key| units.unit(kind, &key)) {
                Some(unit) => see(&format!("unit?id={unit}")),
                None => see(&format!("unit?id={NO_KEY}")),
            }
        }
        None => see("unit"),
    }
}

pub(super) async fn json(State(board): State<Arc<Board>>, Query(asked): Query<Asked>) -> Response {
    match find(&board, &asked.id).await {
        Ok(found) => document(&found),
        Err(why) => document(&serde_json::json!({ "no-answer": why })),
    }
}

pub(super) async fn csv(State(board): State<Arc<Board>>, Query(asked): Query<Asked>) -> Response {
    let found = find(&board, &asked.id).await;
    let columns = ["unit", "at", "what", "name", "value"];
    let rows = found.iter().flat_map(UnitView::rows);
    let cells = |[unit, at, what, name, value]: [String; 5]| {
        let mut cells: Vec<Cell> = [unit, at, what, name].map(Cell::Text).into();
        cells.push(Cell::Number(value));
        cells
    };
    table(&columns, rows.map(cells))
}

async fn find(board: &Board, id: &str) -> Result<UnitView, String> {
    if id == NO_KEY {
        return Err(format!("a key is {KEY_RULE}"));
    }
    let unit = Unit::from_text(id.trim())
        .ok_or("this is no pseudonym, which has 32 digits from 0 to 9 and a to f")?;
    let history = board.lookups.find(&board.store, unit).await?;
    Ok(UnitView::new(unit, history))
}
