//! Writing `Tracks-Exposure`, an RFC 9651 dictionary of sets and tracks.

use std::fmt::Write;

use http::{HeaderName, HeaderValue};

use crate::assign::{RunId, Set, Sets, Track};

/// The header that says which tracks a handler read, so that access logs show it.
///
/// It is a dictionary of RFC 9651: `pricing=cheap, delay="2s";phase=2`. A track is a token
/// when it begins with a letter or `*`, else a string. `phase` stands from the second phase
/// on; `run` where the layer was asked for runs.
pub const TRACKS_EXPOSURE: HeaderName = HeaderName::from_static("tracks-exposure");

/// The members of the dictionary for all tracks of a group, made once.
#[derive(Debug, Clone)]
pub(super) struct Members(Box<[Box<[HeaderValue]>]>);

impl Members {
    pub(super) fn new(sets: &Sets) -> Self {
        Self(sets.iter().map(|set| of_set(set)).collect())
    }

    #[inline]
    pub(super) fn get(&self, set: usize, track: usize) -> Option<&HeaderValue> {
        self.0.get(set)?.get(track)
    }
}

/// Returns the header of several members.
pub(super) fn join<'a>(
    members: impl Iterator<Item = (&'a HeaderValue, Option<RunId>)>,
) -> Option<HeaderValue> {
    let mut dictionary = String::new();
    for (member, run_id) in members {
        if !dictionary.is_empty() {
            dictionary.push_str(", ");
        }
        dictionary.push_str(member.to_str().ok()?);
        if let Some(run_id) = run_id {
            write!(dictionary, ";run=\"{run_id}\"").ok()?;
        }
    }
    HeaderValue::try_from(dictionary).ok()
}

fn of_set(set: &Set) -> Box<[HeaderValue]> {
    let value = |track: &Track| HeaderValue::try_from(member(set, track)).ok();
    // Names are checked when a set is built, so that every member is a legal value.
    set.tracks().iter().filter_map(value).collect()
}

fn member(set: &Set, track: &Track) -> String {
    let (set_name, track) = (set.name(), track.name());
    let begins_token = |first: u8| first.is_ascii_alphabetic() || first == b'*';
    let is_token = track.bytes().next().is_some_and(begins_token);
    let quote = if is_token { "" } else { "\"" };
    match set.phase() {
        1 => format!("{set_name}={quote}{track}{quote}"),
        phase => format!("{set_name}={quote}{track}{quote};phase={phase}"),
    }
}
