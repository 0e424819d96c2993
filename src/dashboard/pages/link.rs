//! Links that show a track before visitors see it.

use std::time::{Duration, SystemTime};

use askama::Template;
use axum::{
    Extension, Form,
    response::{IntoResponse, Response},
};
use http::StatusCode;
use serde::Deserialize;

use crate::{
    dashboard::visit::Visit,
    middleware::{Force, link},
    report::{PhaseReport, Utc},
};

use super::{Frame, Place, html, not_found};

const HOUR: u64 = 60 * 60;

/// The maximum validity of a link, in hours.
const LONGEST: u64 = Force::LONGEST.as_secs() / HOUR;

/// The page with a new link.
#[derive(Template)]
#[template(path = "link.html")]
struct Page {
    frame: Frame,
    link: String,
    asked: Asked,
    expires: Utc,
}

/// The form: the track of a phase, and the validity of the link in hours.
#[derive(Deserialize)]
pub(super) struct Asked {
    set: String,
    phase: u32,
    track: String,
    hours: u64,
}

/// Creates a link, if the track exists.
pub(super) async fn make(visit: Extension<Visit>, Form(asked): Form<Asked>) -> Response {
    let frame = Frame::new(Place::Elsewhere, &visit);
    let phase = visit.known.report.phase(&asked.set, asked.phase);
    if let Some(what) = asked.unknown(phase) {
        return not_found(frame, &what);
    }
    let Some(preview) = &visit.board.preview else {
        return not_found(frame, "This program makes no links.");
    };
    let hours = asked.hours.clamp(1, LONGEST);
    let expires = SystemTime::now() + Duration::from_secs(hours * HOUR);
    let force = Force::new(&*asked.set, &*asked.track, expires).phase(asked.phase);
    match preview.overrides.mint(&force) {
        Ok(token) => html(&Page {
            frame,
            link: link::with_token(&preview.page, &token),
            asked,
            expires: Utc(expires.into()),
        }),
        Err(error) => (StatusCode::BAD_REQUEST, error.to_string()).into_response(),
    }
}

impl Asked {
    /// Returns the known names, if the set, its phase or its track is unknown.
    fn unknown(&self, phase: Option<&PhaseReport>) -> Option<String> {
        let Self { set, track, .. } = self;
        let Some(phase) = phase else {
            let phase = self.phase;
            return Some(format!("Nothing is known of a set “{set}”, phase {phase}."));
        };
        let names: Vec<&str> = phase.tracks.iter().map(|track| &*track.name).collect();
        let is_known = names.contains(&track.as_str());
        let names = names.join(", ");
        (!is_known).then(|| format!("The set “{set}” has no track “{track}”; it has {names}."))
    }
}
