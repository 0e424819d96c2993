//! The page of a set that no report has yet: its share may be 0%, and then only a change lets units in.

use askama::Template;
use axum::response::Response;

use crate::dashboard::{
    pages::{Frame, Place, html},
    visit::Visit,
};

use super::in_force::InForce;

/// The page of a set without results.
#[derive(Template)]
#[template(path = "set/bare.html")]
struct Bare<'a> {
    frame: Frame,
    set: &'a str,
    phase: u32,
    in_force: InForce,
}

/// Returns the page if a layer with controls has the phase, and no report does.
pub(super) fn page(set: &str, phase: Option<u32>, visit: &Visit) -> Option<Response> {
    let running = visit.board.controls.as_ref()?.set(set).ok()?;
    let running = running.snapshot().set.phase();
    let report = &visit.known.report;
    let is_reported = match phase {
        Some(phase) => report.phase(set, phase).is_some(),
        None => report.latest(set).is_some(),
    };
    let phase = phase.unwrap_or(running);
    if is_reported || phase != running {
        return None;
    }
    Some(html(&Bare {
        frame: Frame::new(Place::Elsewhere, visit),
        set,
        phase,
        in_force: InForce::of(set, phase, visit)?,
    }))
}
