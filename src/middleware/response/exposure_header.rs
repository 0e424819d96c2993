//! Writing `Tracks-Exposure`, an RFC 9651 dictionary of sets and tracks.

use std::{
    collections::BTreeSet,
    fmt::{self, Write},
    sync::{Mutex, PoisonError},
};

use http::{HeaderMap, HeaderName, HeaderValue};

use crate::assign::{RunId, Set, Sets, Track};
#[cfg(feature = "units")]
use crate::unit::Unit;

#[cfg(feature = "mask")]
use super::mask::Mask;

/// The name of the header with the tracks that a handler read, for access logs.
///
/// It is a dictionary of RFC 9651: `pricing=cheap, delay="2s";phase=2`. A track is a token if it begins
/// with a letter or `*`, otherwise a string. A member can have these parameters:
///
/// * `phase`, from the second phase on,
/// * `run`, if the layer has [`run_ids`](crate::TracksLayer::run_ids),
/// * `unit`, if the layer has `units`,
/// * `forced`, if an override or a pin chose the track.
///
/// ```
/// use axum::{Router, body::Body, routing::get};
/// use http::Request;
/// use tower::ServiceExt;
/// use tower_tracks::{Assignment, SimpleTrackSet, TracksLayer, middleware::TRACKS_EXPOSURE};
///
/// # tokio::runtime::Runtime::new()?.block_on(async {
/// let delay = SimpleTrackSet::new("delay").track("2s", 2_000).phase(2).build()?;
/// let layer = TracksLayer::new(delay).pin("delay", "2s")?;
/// let app = Router::new()
///     .route("/", get(async |delay: Assignment| delay.to_string()))
///     .layer(layer);
/// let response = app.oneshot(Request::get("/").body(Body::empty())?).await?;
/// assert_eq!(response.headers()[TRACKS_EXPOSURE], "delay=\"2s\";phase=2");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// # })?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub const TRACKS_EXPOSURE: HeaderName = HeaderName::from_static("tracks-exposure");

/// The members of the dictionary for all tracks of a group, by set and track. They are made when the
/// layer is configured, because a header value is expensive to check.
#[derive(Debug, Clone)]
pub(crate) struct Members(Box<[Box<[HeaderValue]>]>);

/// The parameters of a member that belong to one request.
#[derive(Debug, Default)]
pub(crate) struct Parameters {
    pub(crate) run_id: Option<RunId>,
    #[cfg(feature = "units")]
    pub(crate) unit: Option<Unit>,
    pub(crate) forced: bool,
}

/// The names of sets and tracks in the header: plain, or masked.
#[derive(Debug, Clone, Default)]
pub(crate) struct Names {
    #[cfg(feature = "mask")]
    pub(crate) mask: Option<Mask>,
}

impl Members {
    /// Makes the members of all tracks of a group.
    pub(crate) fn new(sets: &Sets, names: &Names) -> Self {
        Self(sets.iter().map(|set| of_set(set, names)).collect())
    }

    /// Returns the member for a track.
    #[inline]
    pub(crate) fn get(&self, set: usize, track: usize) -> Option<&HeaderValue> {
        self.0.get(set)?.get(track)
    }
}

impl Parameters {
    /// Returns whether there is no parameter, so that the prepared member is the whole value.
    pub(crate) fn are_none(&self) -> bool {
        #[cfg(feature = "units")]
        if self.unit.is_some() {
            return false;
        }
        self.run_id.is_none() && !self.forced
    }
}

impl fmt::Display for Parameters {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(run_id) = self.run_id {
            write!(f, ";run=\"{run_id}\"")?;
        }
        #[cfg(feature = "units")]
        if let Some(unit) = self.unit {
            write!(f, ";unit=\"{unit}\"")?;
        }
        f.write_str(if self.forced { ";forced" } else { "" })
    }
}

impl Names {
    /// Returns the names of a set and a track.
    #[cfg_attr(not(feature = "mask"), expect(clippy::unused_self))]
    fn of(&self, set: &Set, track: &Track) -> (String, String) {
        #[cfg(feature = "mask")]
        if let Some(mask) = &self.mask {
            return (mask.set(set.name()), mask.track(set.name(), track.name()));
        }
        (set.name().to_owned(), track.name().to_owned())
    }
}

/// Adds a line: an inner layer may have written one of its own.
#[inline]
pub(crate) fn append(headers: &mut HeaderMap, name: &HeaderName, value: HeaderValue) {
    // The constant is cheaper than a copy of the name.
    if *name == TRACKS_EXPOSURE {
        headers.append(TRACKS_EXPOSURE, value);
    } else {
        headers.append(name, value);
    }
}

/// Returns the header of several members, or of one with parameters.
pub(crate) fn join<'a>(
    members: impl Iterator<Item = (&'a HeaderValue, Parameters)>,
) -> Option<HeaderValue> {
    let mut dictionary = String::new();
    for (member, parameters) in members {
        let comma = if dictionary.is_empty() { "" } else { ", " };
        write!(dictionary, "{comma}{}{parameters}", member.to_str().ok()?).ok()?;
    }
    HeaderValue::try_from(dictionary).ok()
}

/// Returns the members of all tracks of a set.
fn of_set(set: &Set, names: &Names) -> Box<[HeaderValue]> {
    // Names are checked when a set is built, so that every member is a legal value.
    let value = |track: &Track| interned(member(set, track, names));
    set.tracks().iter().filter_map(value).collect()
}

/// Returns a value that lives until the end of the program, one for all equal texts. Responses copy it
/// without a reference count, which the cores of one layer would have to share. The number of values is
/// that of the defined tracks.
fn interned(value: String) -> Option<HeaderValue> {
    static VALUES: Mutex<BTreeSet<&str>> = Mutex::new(BTreeSet::new());
    HeaderValue::from_str(&value).ok()?;
    // A panic leaves no half-made set behind, so a poisoned lock is as good as another.
    let mut values = VALUES.lock().unwrap_or_else(PoisonError::into_inner);
    let known = values.get(value.as_str()).copied();
    let value = known.unwrap_or_else(|| value.leak());
    values.insert(value);
    Some(HeaderValue::from_static(value))
}

/// Returns the member for a track: `name=track`, with quotes if needed, and the phase from the second
/// on.
fn member(set: &Set, track: &Track, names: &Names) -> String {
    let (name, track) = names.of(set, track);
    let begins_token = |first: u8| first.is_ascii_alphabetic() || first == b'*';
    let is_token = track.bytes().next().is_some_and(begins_token);
    let quote = if is_token { "" } else { "\"" };
    match set.phase() {
        1 => format!("{name}={quote}{track}{quote}"),
        phase => format!("{name}={quote}{track}{quote};phase={phase}"),
    }
}
