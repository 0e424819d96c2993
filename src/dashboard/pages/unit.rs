//! The page with the facts of a unit.

use std::{num::NonZeroUsize, sync::Arc};

use askama::Template;
use axum::{
    Extension, Form,
    extract::{Query, State},
    response::Response,
};
use http::{HeaderValue, header};
use serde::Deserialize;

use crate::{
    assign::{KEY_RULE, Key, SET_RULE, is_set_name},
    dashboard::{board::Board, csv::Cell, level::Who, lookup::FACTS, view::UnitView},
    unit::Unit,
};

use super::{Frame, Place, document, html, see, table};

/// Stands for a pseudonym: the entered text is not a key.
const NO_KEY: &str = "no-key";

/// Stands for a pseudonym: the entered text is not a kind of units.
const NO_KIND: &str = "no-kind";

/// The query: the pseudonym of a unit, and the number of a page of its facts, from 1.
#[derive(Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    id: String,
    #[serde(default)]
    page: String,
}

/// The form: the kind and the key. A key is never part of an address, so that no log has it.
#[derive(Deserialize)]
pub(super) struct Typed {
    #[serde(default)]
    kind: String,
    key: String,
}

/// The facts of a unit, and the form to look one up.
#[derive(Template)]
#[template(path = "unit.html")]
struct Page {
    frame: Frame,
    has_keys: bool,
    id: String,
    found: Option<UnitView>,
    why: Option<String>,
}

/// The page with the facts of a unit, or with the form alone.
pub(super) async fn page(
    State(board): State<Arc<Board>>,
    Query(asked): Query<Asked>,
    Extension(who): Extension<Who>,
) -> Response {
    let (found, why) = match find(&board, &asked).await {
        _ if asked.id.is_empty() => (None, None),
        Ok(found) => (Some(found), None),
        Err(why) => (None, Some(why)),
    };
    html(&Page {
        frame: Frame::new(Place::Unit, &board, &board.known(), who),
        has_keys: board.units().is_some(),
        id: Some(asked.id)
            .filter(|id| id != NO_KEY && id != NO_KIND)
            .unwrap_or_default(),
        found,
        why,
    })
}

/// Computes the unit of a key, and redirects to its pseudonym.
pub(super) async fn ask(State(board): State<Arc<Board>>, Form(typed): Form<Typed>) -> Response {
    let kind = match typed.kind.trim() {
        "" => "visitor",
        kind => kind,
    };
    match board.units() {
        Some(units) => {
            let key = Some(Key::from(&typed.key)).filter(Key::is_valid);
            match key.map(|key| units.unit(kind, &key)) {
                _ if !is_set_name(kind) => see(&format!("unit?id={NO_KIND}")),
                Some(unit) => see(&format!("unit?id={unit}")),
                None => see(&format!("unit?id={NO_KEY}")),
            }
        }
        None => see("unit"),
    }
}

/// The facts of a unit as JSON.
pub(super) async fn json(State(board): State<Arc<Board>>, Query(asked): Query<Asked>) -> Response {
    match find(&board, &asked).await {
        Ok(found) => linked(&found, "json", document(&found)),
        Err(why) => document(&serde_json::json!({ "no-answer": why })),
    }
}

/// The facts of a unit as CSV.
pub(super) async fn csv(State(board): State<Arc<Board>>, Query(asked): Query<Asked>) -> Response {
    let found = find(&board, &asked).await.ok();
    let columns = ["unit", "at", "what", "name", "value"];
    let rows = found.iter().flat_map(UnitView::rows);
    let cells = |[unit, at, what, name, value]: [String; 5]| {
        let mut cells: Vec<Cell> = [unit, at, what, name].map(Cell::Text).into();
        cells.push(Cell::Number(value));
        cells
    };
    let response = table(&columns, rows.map(cells));
    match &found {
        Some(found) => linked(found, "csv", response),
        None => response,
    }
}

/// Adds the address of the next page, by RFC 8288, so that programs may follow it.
fn linked(found: &UnitView, format: &str, mut response: Response) -> Response {
    let next = found.next_page.map(|page| {
        let unit = &found.unit;
        format!("<unit.{format}?id={unit}&page={page}>; rel=\"next\"")
    });
    if let Some(next) = next.and_then(|next| HeaderValue::try_from(next).ok()) {
        response.headers_mut().insert(header::LINK, next);
    }
    response
}

/// Reads a page of the facts of a unit, or returns the reason why there is none.
async fn find(board: &Board, asked: &Asked) -> Result<UnitView, String> {
    match &*asked.id {
        NO_KEY => return Err(format!("a key is {KEY_RULE}")),
        NO_KIND => return Err(format!("a kind is {SET_RULE}")),
        _ => {}
    }
    let unit = asked
        .id
        .trim()
        .parse::<Unit>()
        .map_err(|_| "this is no pseudonym, which has 32 digits from 0 to 9 and a to f")?;
    let page = match asked.page.trim() {
        "" => 1,
        page => page.parse().map_or(0, NonZeroUsize::get),
    };
    let before = page.checked_sub(1);
    let before = before.ok_or("this is no number of a page, which counts from 1")?;
    let history = board.lookups.find(&board.store, unit, before).await?;
    Ok(UnitView::new(unit, history, page, FACTS))
}
