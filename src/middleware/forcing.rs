use std::{
    sync::Arc,
    time::{Duration, SystemTime},
};

use http::{HeaderName, HeaderValue, request::Parts};

use crate::assign::Pick;

use super::{
    Forced, Refused, cookies,
    entry::Entry,
    few::Few,
    key_sources::RequestKey,
    overrides::{Asked, Kept, PARAMETER, plain},
    settings::Settings,
    treatment::Treatment,
};

/// The parameter of a query that asks what became of the token beside it.
const WHY: &str = "tracks-why";

/// The response header that answers it: `accepted`, or `refused` with the reason.
pub const TRACKS_OVERRIDE: HeaderName = HeaderName::from_static("tracks-override");

/// How long a browser keeps what staff named.
const STAFF: Duration = Duration::from_secs(24 * 60 * 60);

/// Who may name a track without a token.
#[derive(Clone)]
pub(super) struct Staff(pub(super) Arc<IsStaff>);

type IsStaff = dyn Fn(&Parts) -> bool + Send + Sync;

/// The tracks that a request's tokens force, and what the browser is to keep of them.
#[derive(Debug)]
pub(super) struct ForcedTracks {
    /// The index of each group, and its choice.
    picks: Vec<(usize, Pick)>,
    cookie: Option<HeaderValue>,
    verdict: Option<HeaderValue>,
}

/// What one valid token forces.
struct Found {
    group: usize,
    pick: Pick,
    expires: SystemTime,
}

impl ForcedTracks {
    /// Puts the forced choices in the place of those that were made.
    pub(super) fn apply(&self, entries: &mut Few<Entry>) {
        for entry in entries.iter_mut() {
            let ours = self.picks.iter().find(|(group, _)| *group == entry.group);
            if let Some((_, pick)) = ours {
                entry.pick = *pick;
            }
        }
    }

    /// Returns the `Set-Cookie` header by which the browser keeps, or forgets, its tokens.
    pub(super) fn cookie(&self) -> Option<HeaderValue> {
        self.cookie.clone()
    }

    /// Returns what became of the token in the query, if the request asks for it.
    pub(super) fn verdict(&self) -> Option<&HeaderValue> {
        self.verdict.as_ref()
    }
}

impl Settings {
    /// Returns what is forced by the token in the query and those in the cookie.
    pub(super) fn forced(
        &self,
        parts: &Parts,
        treatment: Treatment,
        keys: &Few<Option<RequestKey>>,
    ) -> Option<Box<ForcedTracks>> {
        let is_off = self.overrides.is_none() && self.staff.is_none();
        match is_off || matches!(treatment, Treatment::Excluded(_)) {
            true => None,
            false => self.force(parts, keys).map(Box::new),
        }
    }

    fn force(&self, parts: &Parts, keys: &Few<Option<RequestKey>>) -> Option<ForcedTracks> {
        let query = parts.uri.query().unwrap_or_default();
        let asked = Asked::in_query(query, PARAMETER);
        let written = self.kept(parts);
        if asked.is_none() && written.is_empty() {
            return None;
        }
        let mut kept = match asked {
            Some(Asked::Clear) => Kept::default(),
            Some(Asked::Token(_)) | None => Kept::read(written),
        };
        let asked = match asked {
            Some(Asked::Token(token)) => token,
            Some(Asked::Clear) | None => "",
        };
        kept.keep(asked);
        let now = self.clock.now();
        let is_staff = self
            .staff
            .as_ref()
            .is_some_and(|Staff(is_staff)| is_staff(parts));
        let find = |token: &str| match plain(token) {
            Some((set, track)) if is_staff => self.find_named(set, track, now),
            Some(_) => Err(Refused::Signature),
            None => self.find(token, now, keys),
        };
        let (found, became) = self.sift(&mut kept, asked, find);
        let is_curious = !asked.is_empty() && has_parameter(query, WHY);
        let expires = found.iter().map(|one| one.expires).max();
        let age = expires.and_then(|expires| expires.duration_since(now).ok());
        let value = kept.to_string();
        let is_new = value != written;
        let cookie = || self.keep(&value, age.unwrap_or_default());
        Some(ForcedTracks {
            cookie: is_new.then(cookie).flatten(),
            verdict: is_curious.then(|| verdict(became)).flatten(),
            picks: found.into_iter().map(|one| (one.group, one.pick)).collect(),
        })
    }

    /// Returns what the tokens force, and what became of the one in the query. Leaves those that are
    /// worth keeping.
    fn sift(
        &self,
        kept: &mut Kept<'_>,
        asked: &str,
        find: impl Fn(&str) -> Result<Found, Refused>,
    ) -> (Vec<Found>, Result<(), Refused>) {
        // What has not even the shape of a token is not among those kept.
        let (mut found, mut became) = (Vec::new(), Err(Refused::Malformed));
        kept.retain(|token| match find(token) {
            Ok(one) => {
                found.push(one);
                if token == asked {
                    became = Ok(());
                }
                true
            }
            Err(refused) => {
                self.counts.add_refused(refused);
                if token == asked {
                    became = Err(refused);
                }
                // What was kept before may be of another layer.
                refused == Refused::UnknownSet && token != asked
            }
        });
        (found, became)
    }

    /// Returns what a valid token forces here.
    fn find(
        &self,
        token: &str,
        now: SystemTime,
        keys: &Few<Option<RequestKey>>,
    ) -> Result<Found, Refused> {
        let overrides = self.overrides.as_ref().ok_or(Refused::Signature)?;
        let forced: Forced = overrides.verify(token, now)?;
        let (group, index, set) = self.find_set(forced.set()).ok_or(Refused::UnknownSet)?;
        let unit = self.groups[group].unit;
        let key = unit
            .and_then(|unit| keys.get(unit)?.as_ref())
            .map(|found| &found.key);
        let track = forced.track_in(set, key)?;
        Ok(Found {
            group,
            pick: Pick::forced(index, track),
            expires: forced.expires(),
        })
    }

    /// Returns what staff forces by naming it.
    fn find_named(&self, set: &str, track: &str, now: SystemTime) -> Result<Found, Refused> {
        let (group, index, set) = self.find_set(set).ok_or(Refused::UnknownSet)?;
        let mut tracks = set.tracks().iter();
        let track = tracks.position(|one| one.name() == track);
        Ok(Found {
            group,
            pick: Pick::forced(index, track.ok_or(Refused::UnknownTrack)?),
            expires: now + STAFF,
        })
    }

    /// Returns the value of the cookie that keeps the tokens.
    fn kept<'a>(&self, parts: &'a Parts) -> &'a str {
        let name = self.override_cookie();
        let value = cookies::find(&parts.headers, name, Some);
        value
            .and_then(|value| str::from_utf8(value).ok())
            .unwrap_or_default()
    }

    /// Returns the header that keeps this value for as long as its last token is valid; an empty
    /// one is forgotten at once.
    fn keep(&self, value: &str, age: Duration) -> Option<HeaderValue> {
        let secure = if self.is_secure() { " Secure;" } else { "" };
        let age = if value.is_empty() { 0 } else { age.as_secs() };
        let name = self.override_cookie();
        let cookie =
            format!("{name}={value}; Path=/; Max-Age={age};{secure} HttpOnly; SameSite=Lax");
        HeaderValue::try_from(cookie).ok()
    }

    fn override_cookie(&self) -> &'static str {
        match self.is_secure() {
            true => "__Host-tracks-override",
            false => "tracks-override",
        }
    }

    /// Whether the visitor's cookie is for https alone, and so this one.
    fn is_secure(&self) -> bool {
        let visitors = self
            .units
            .iter()
            .find_map(|unit| unit.sources.visitor_cookie());
        visitors.is_none_or(|cookie| cookie.is_secure())
    }
}

fn has_parameter(query: &str, name: &str) -> bool {
    let mut names = query.split('&').map(|pair| pair.split('=').next());
    names.any(|found| found == Some(name))
}

/// Writes what became of a token. It has the reason alone.
fn verdict(became: Result<(), Refused>) -> Option<HeaderValue> {
    match became {
        Ok(()) => Some(HeaderValue::from_static("accepted")),
        Err(refused) => {
            let verdict = format!("refused;reason={}", refused.as_str());
            HeaderValue::try_from(verdict).ok()
        }
    }
}
