//! The results, for the shop's owner alone.

use std::{sync::Arc, time::Duration};

use axum::Router;
use tower_tracks::{
    TracksLayer,
    control::Controls,
    dashboard::{BasicAuth, BasicAuthError, Dashboard},
    record::Recorder,
    store::Sqlite,
};

/// Where the results are.
pub(super) const PATH: &str = "/results";

/// The name and password of the demo; a real shop has its own sign-in.
pub(super) const LOGIN: (&str, &str) = ("owner", "coconut");

/// Short, so that you can watch the page. A real shop omits this.
const REFRESH: Duration = Duration::from_secs(5);

pub(super) fn pages(
    store: Arc<Sqlite>,
    recorder: &Recorder,
    tracks: &TracksLayer,
    controls: &Controls,
) -> Result<Router, BasicAuthError> {
    let (name, password) = LOGIN;
    let owner = BasicAuth::new(name, password)?;
    let pages = Dashboard::new(store, move |parts| owner.access(parts))
        .recorder(recorder)
        .units(recorder.units().clone())
        .controls(controls)
        .counts(tracks.counts())
        .refresh(REFRESH);
    Ok(pages.into_router())
}
