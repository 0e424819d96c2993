use std::time::{Duration, SystemTime};

use http::{HeaderName, HeaderValue, request::Parts};

use crate::assign::Pick;

use super::{
    asked::Asked,
    forced::Forced,
    kept::{Kept, plain},
    link::PARAMETER,
    refused::Refused,
    staff::Staff,
};
use crate::middleware::{
    key::{RequestKey, cookies},
    request::{Entry, Few},
    screening::Treatment,
    settings::Settings,
};

/// The parameter of a query that asks what became of the token beside it.
const WHY: &str = "tracks-why";

/// The response header that answers it: `accepted`, or `refused` with the reason.
pub const TRACKS_OVERRIDE: HeaderName = HeaderName::from_static("tracks-override");

/// How long a browser keeps tokens, and what staff named, after a link was opened: a link forces
/// its track by a plain `GET`, also on a person who opened it without knowing.
const KEPT: Duration = Duration::from_secs(60 * 60);

/// The tracks that a request's tokens force, and what the browser is to keep of them.
#[derive(Debug)]
pub(crate) struct ForcedTracks {
    /// The index of each group, and its choice.
    picks: Vec<(usize, Pick)>,
    cookie: Option<HeaderValue>,
    verdict: Option<HeaderValue>,
}

/// What one valid token forces.
#[derive(Clone, Copy)]
struct Found {
    group: usize,
    pick: Pick,
    expires: SystemTime,
}

impl ForcedTracks {
    /// Replaces the choices by the forced ones.
    pub(crate) fn apply(&self, entries: &mut Few<Entry>) {
        for entry in entries.iter_mut() {
            let ours = self.picks.iter().find(|(group, _)| *group == entry.group);
            if let Some((_, pick)) = ours {
                entry.pick = *pick;
            }
        }
    }

    /// Returns the `Set-Cookie` header by which the browser keeps, or forgets, its tokens.
    pub(crate) fn cookie(&self) -> Option<HeaderValue> {
        self.cookie.clone()
    }

    /// Returns what became of the token in the query, if the request asks for it.
    pub(crate) fn verdict(&self) -> Option<&HeaderValue> {
        self.verdict.as_ref()
    }
}

impl Settings {
    /// Returns what is forced by the token in the query and those in the cookie.
    pub(crate) fn forced(
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
        let judge = Judge::new(self, parts, keys);
        let token = asked.and_then(Asked::token);
        let token = token.map(|token| (token, judge.judge(token)));
        let refused = token.map(|(_, became)| became.err());
        let refused = refused.filter(|_| has_parameter(query, WHY));
        let is_cleared = asked == Some(Asked::Clear);
        let kept = Kept::read(if is_cleared { "" } else { written });
        let (found, cookie) = judge.keep(kept, written, accepted(token));
        Some(ForcedTracks {
            cookie,
            verdict: refused.and_then(verdict),
            picks: found.iter().map(|one| (one.group, one.pick)).collect(),
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

    /// Returns the header that keeps this value for a while; an empty one is forgotten at once.
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
        let visitors = self.keys.visitor_cookie();
        visitors.is_none_or(|cookie| cookie.is_secure())
    }
}

/// Says of the tokens of one request what they force. A token that is refused changes nothing, and
/// is counted.
struct Judge<'a> {
    settings: &'a Settings,
    keys: &'a Few<Option<RequestKey>>,
    now: SystemTime,
    is_staff: bool,
}

impl<'a> Judge<'a> {
    fn new(settings: &'a Settings, parts: &Parts, keys: &'a Few<Option<RequestKey>>) -> Self {
        let staff = settings.staff.as_ref();
        Self {
            settings,
            keys,
            now: settings.clock.now(),
            is_staff: staff.is_some_and(|Staff(is_staff)| is_staff(parts)),
        }
    }

    /// Returns what a token forces here.
    fn judge(&self, token: &str) -> Result<Found, Refused> {
        let found = match plain(token) {
            _ if !Kept::is_token(token) => Err(Refused::Malformed),
            Some((set, track)) if self.is_staff => self.find_named(set, track),
            Some(_) => Err(Refused::Signature),
            None => self.find(token),
        };
        found.inspect_err(|refused| self.settings.screening.counts.add_refused(*refused))
    }

    /// Returns the forced tracks, and the cookie that replaces the previous one.
    fn keep<'t>(
        &self,
        mut kept: Kept<'t>,
        written: &str,
        new: Option<(&'t str, Found)>,
    ) -> (Vec<Found>, Option<HeaderValue>) {
        let found = self.sift(&mut kept, new);
        let value = kept.to_string();
        let cookie = (value != written).then(|| self.settings.keep(&value, self.age(&found)));
        (found, cookie.flatten())
    }

    /// Returns what the tokens force, the accepted one of the query among them. Leaves those that
    /// are worth keeping: a token is replaced by an accepted one alone.
    fn sift<'t>(&self, kept: &mut Kept<'t>, new: Option<(&'t str, Found)>) -> Vec<Found> {
        if let Some((token, _)) = new {
            kept.keep(token);
        }
        let mut all = Vec::new();
        kept.retain(|token| {
            let known = new.filter(|(new, _)| *new == token);
            let found = known.map_or_else(|| self.judge(token), |(_, found)| Ok(found));
            all.extend(found.ok());
            // What was kept before may be of another layer.
            found.is_ok() || found.is_err_and(|refused| refused == Refused::UnknownSet)
        });
        all
    }

    /// Returns how long the browser keeps what was found.
    fn age(&self, found: &[Found]) -> Duration {
        let last = found.iter().map(|one| one.expires).max();
        let age = last.and_then(|last| last.duration_since(self.now).ok());
        age.unwrap_or_default().min(KEPT)
    }

    /// Returns what a valid token forces here.
    fn find(&self, token: &str) -> Result<Found, Refused> {
        let Self { settings, .. } = self;
        let overrides = settings.overrides.as_ref().ok_or(Refused::Signature)?;
        let forced: Forced = overrides.verify(token, self.now)?;
        let found = settings.find_set(forced.set());
        let (group, index, set) = found.ok_or(Refused::UnknownSet)?;
        let unit = settings.groups[group].unit;
        let key = unit.and_then(|unit| self.keys.get(unit)?.as_ref());
        let track = forced.track_in(set, key.map(|found| &found.key))?;
        Ok(Found {
            group,
            pick: Pick::forced(index, track),
            expires: forced.expires(),
        })
    }

    /// Returns what staff forces by naming it.
    fn find_named(&self, set: &str, track: &str) -> Result<Found, Refused> {
        let found = self.settings.find_set(set);
        let (group, index, set) = found.ok_or(Refused::UnknownSet)?;
        let mut tracks = set.tracks().iter();
        let track = tracks.position(|one| one.name() == track);
        Ok(Found {
            group,
            pick: Pick::forced(index, track.ok_or(Refused::UnknownTrack)?),
            expires: self.now + KEPT,
        })
    }
}

/// Returns the token of the query and what it forces, if it was accepted.
fn accepted(asked: Option<(&str, Result<Found, Refused>)>) -> Option<(&str, Found)> {
    let (token, became) = asked?;
    Some((token, became.ok()?))
}

fn has_parameter(query: &str, name: &str) -> bool {
    let mut names = query.split('&').map(|pair| pair.split('=').next());
    names.any(|found| found == Some(name))
}

/// Writes what became of a token. It has the reason alone.
fn verdict(refused: Option<Refused>) -> Option<HeaderValue> {
    match refused {
        None => Some(HeaderValue::from_static("accepted")),
        Some(refused) => {
            let verdict = format!("refused;reason={}", refused.as_str());
            HeaderValue::try_from(verdict).ok()
        }
    }
}
