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
/// It is a dictionary of RFC 9651: `pricing=cheap, delay="2s";phase=2`. A track is a token
/// when it begins with a letter or `*`, else a string. `phase` stands from the second phase
/// on; `run` and `unit` where the layer was asked for them; `forced` where an override chose.
pub const TRACKS_EXPOSURE: HeaderName = HeaderName::from_static("tracks-exposure");

/// The members of the dictionary for all tracks of a group, made once.
#[derive(Debug, Clone)]
pub(crate) struct Members(Box<[Box<[HeaderValue]>]>);

/// What of a member is known in a request alone.
#[derive(Debug, Default)]
pub(crate) struct Parameters {
    pub(crate) run_id: Option<RunId>,
    #[cfg(feature = "units")]
    pub(crate) unit: Option<Unit>,
    pub(crate) forced: bool,
}

/// How sets and tracks are called in the header: by their names, or by a mask.
#[derive(Debug, Clone, Default)]
pub(crate) struct Names {
    #[cfg(feature = "mask")]
    pub(crate) mask: Option<Mask>,
}

impl Members {
    pub(crate) fn new(sets: &Sets, names: &Names) -> Self {
        Self(sets.iter().map(|set| of_set(set, names)).collect())
    }

    #[inline]
    pub(crate) fn get(&self, set: usize, track: usize) -> Option<&HeaderValue> {
        self.0.get(set)?.get(track)
    }
}

impl Parameters {
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

/// Returns the header of several members.
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

fn of_set(set: &Set, names: &Names) -> Box<[HeaderValue]> {
    // Names are checked when a set is built, so that every member is a legal value.
    let value = |track: &Track| interned(member(set, track, names));
    set.tracks().iter().filter_map(value).collect()
}

/// Returns a value that is kept to the end of the program, of equal ones one: responses then copy it
/// without counting who has it, which cores with one layer would have to take turns for.
fn interned(value: String) -> Option<HeaderValue> {
    static VALUES: Mutex<BTreeSet<&str>> = Mutex::new(BTreeSet::new());
    HeaderValue::from_str(&value).ok()?;
    let mut values = VALUES.lock().unwrap_or_else(PoisonError::into_inner);
    let known = values.get(value.as_str()).copied();
    let value = known.unwrap_or_else(|| value.leak());
    values.insert(value);
    Some(HeaderValue::from_static(value))
}

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
