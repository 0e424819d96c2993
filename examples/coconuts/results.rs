//! The results, for the shop's owner alone.

use std::time::Duration;

use axum::Router;
use tower_tracks::{
    TracksLayer,
    control::Controls,
    dashboard::{BasicAuth, BasicAuthError, Dashboard},
};

use super::records::Records;

/// Where the results are.
pub(super) const PATH: &str = "/results";

/// The name and password of the demo; a real shop has its own sign-in.
pub(super) const LOGIN: (&str, &str) = ("owner", "coconut");

/// Short, so that you can watch the page. A real shop omits this.
const REFRESH: Duration = Duration::from_secs(5);

pub(super) fn pages(
    records: Records,
    tracks: &TracksLayer,
    controls: &Controls,
) -> Result<Router, BasicAuthError> {
    let (name, password) = LOGIN;
    let owner = BasicAuth::new(name, password)?;
    let Records {
        store,
        recorder,
        cells,
    } = records;
    let mut pages = Dashboard::new(store, move |parts| owner.access(parts))
        .recorder(&recorder)
        .units(recorder.units().clone())
        .controls(controls)
        .counts(tracks.counts())
        .refresh(REFRESH);
    if let Some(cells) = cells {
        pages = pages.attribute_by(cells);
    }
    Ok(pages.into_router())
}
