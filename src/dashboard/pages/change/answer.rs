//! The answers to a form that makes a change.

use axum::response::Response;
use http::StatusCode;

use crate::{
    control::{Act, Change, ControlError},
    dashboard::pages::see,
};

use super::{
    entry::Entry,
    look,
    refusal::{conflict, plain},
};

/// Makes the change that a form asks for.
pub(super) async fn make(entry: &Entry<'_>) -> Response {
    let act = match entry.act() {
        Ok(Some(act)) => act,
        Ok(None) => return look::page(entry),
        Err(wrong) => return look::wrong_value(entry, wrong),
    };
    let reason = match entry.asked.reason() {
        Ok(reason) => reason.to_owned(),
        Err(wrong) => return look::look(entry, &act, Some(wrong)),
    };
    let previous = match entry.asked.previous() {
        Ok(previous) => previous,
        Err(_) => return plain(entry, StatusCode::BAD_REQUEST, "Open this form again."),
    };
    let phase = entry.snapshot.set.phase();
    if entry.asked.phase != phase.to_string() {
        let what = format!("The program runs phase {phase} of the set now, so nothing was done.");
        return plain(entry, StatusCode::CONFLICT, &what);
    }
    match append(entry, previous, act, reason).await {
        Ok(Ok(change)) => made(entry, &change),
        Ok(Err(error)) => failed(entry, error),
        Err(why) => plain(entry, StatusCode::SERVICE_UNAVAILABLE, why),
    }
}

/// Writes the change into the log, on a thread of its own, since the log may be slow.
async fn append(
    entry: &Entry<'_>,
    previous: u64,
    act: Act,
    reason: String,
) -> Result<Result<Change, ControlError>, &'static str> {
    let (controls, author) = (entry.controls.clone(), entry.author.clone());
    let set = entry.asked.set.clone();
    let make = move || {
        let set = controls.set(&set)?;
        set.make_after(previous, act, &author, &reason)
    };
    entry.visit.board.change(make).await
}

/// The response to a change that was made.
fn made(entry: &Entry<'_>, change: &Change) -> Response {
    #[cfg(feature = "tracing")]
    tracing::info!(
        set = change.set,
        act = change.act.name(),
        number = change.number,
        who = change.author,
        "a change was made"
    );
    #[cfg(not(feature = "tracing"))]
    let _ = change;
    see(&entry.back())
}

fn failed(entry: &Entry<'_>, error: ControlError) -> Response {
    match error {
        ControlError::Refused(void) => look::refused(entry, void),
        ControlError::Conflict(change) => conflict(entry, &change),
        ControlError::UnknownSet(_) => plain(
            entry,
            StatusCode::NOT_FOUND,
            "No layer with controls has the set any longer.",
        ),
        error @ ControlError::Regressed => plain(entry, StatusCode::CONFLICT, &format!("{error}.")),
        ControlError::Log(error) => {
            let what = format!(
                "The log of changes cannot be written: {error}. It is not known whether the change was \
                 made: look at the set before you try again."
            );
            plain(entry, StatusCode::SERVICE_UNAVAILABLE, &what)
        }
    }
}
