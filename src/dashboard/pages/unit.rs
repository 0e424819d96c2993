//! The page with the facts of a unit.

use std::num::NonZeroUsize;

use askama::Template;
use axum::{Extension, Form, extract::Query, response::Response};
use serde::Deserialize;

use crate::{
    assign::{KEY_RULE, Key, SET_RULE, is_set_name},
    dashboard::{board::Board, responses::linked, view::UnitView, visit::Visit},
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
pub(super) async fn page(visit: Extension<Visit>, Query(asked): Query<Asked>) -> Response {
    // Without an id, no reader has asked for anything yet. It is refused before the store is read.
    let (found, why) = match find(&visit.board, &asked).await {
        _ if asked.id.is_empty() => (None, None),
        Ok(found) => (Some(found), None),
        Err(why) => (None, Some(why)),
    };
    html(&Page {
        frame: Frame::new(Place::Unit, &visit),
        has_keys: visit.board.units().is_some(),
        id: Some(asked.id)
            .filter(|id| id != NO_KEY && id != NO_KIND)
            .unwrap_or_default(),
        found,
        why,
    })
}

/// Computes the unit of a key, and redirects to its pseudonym.
pub(super) async fn ask(visit: Extension<Visit>, Form(typed): Form<Typed>) -> Response {
    let kind = match typed.kind.trim() {
        "" => "visitor",
        kind => kind,
    };
    let Some(units) = visit.board.units() else {
        return see("unit");
    };
    // The answer is a redirect, which has nothing but an address. So the reasons have words in
    // place of the pseudonym.
    let key = Some(Key::from(&typed.key)).filter(Key::is_valid);
    match key.map(|key| units.unit(kind, &key)) {
        _ if !is_set_name(kind) => see(&format!("unit?id={NO_KIND}")),
        Some(unit) => see(&format!("unit?id={unit}")),
        None => see(&format!("unit?id={NO_KEY}")),
    }
}

/// The facts of a unit as JSON.
pub(super) async fn json(visit: Extension<Visit>, Query(asked): Query<Asked>) -> Response {
    match find(&visit.board, &asked).await {
        Ok(found) => linked(document(&found), next(&found, "json")),
        Err(why) => document(&serde_json::json!({ "no-answer": why })),
    }
}

/// The facts of a unit as CSV.
pub(super) async fn csv(visit: Extension<Visit>, Query(asked): Query<Asked>) -> Response {
    let found = find(&visit.board, &asked).await.ok();
    let columns = ["unit", "at", "what", "name", "value"];
    let response = table(&columns, found.iter().flat_map(UnitView::rows));
    linked(response, found.and_then(|found| next(&found, "csv")))
}

/// Returns the address of the next page in a format, if there is one.
fn next(found: &UnitView, format: &str) -> Option<String> {
    let page = found.next_page?;
    Some(format!("unit.{format}?id={}&page={page}", found.unit))
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
    // 0 stands for a text that is not a number. Both are refused below.
    let page = match asked.page.trim() {
        "" => 1,
        page => page.parse().map_or(0, NonZeroUsize::get),
    };
    let before = page.checked_sub(1);
    let before = before.ok_or("this is no number of a page, which counts from 1")?;
    let history = board.history(unit, before).await?;
    Ok(UnitView::new(unit, history, page))
}
