//! Tokens in a request: from the query and the cookie to choices, a cookie and a verdict.

use std::time::{Duration, SystemTime};

use http::{HeaderName, HeaderValue, request::Parts};

use crate::assign::{Pick, Reason};

use super::{
    forced::Forced,
    kept::{Kept, plain},
    link::{self, CLEAR},
    refused::Refused,
};
use crate::middleware::{
    key::{RequestKey, cookies},
    request::{Entry, Few},
    screening::Treatment,
    settings::Settings,
};

/// The query parameter that asks for the verdict about the token beside it.
const WHY: &str = "tracks-why";

/// The name of the response header with the verdict about a token: `accepted`, or `refused` with the
/// reason.
///
/// A response has it if the query has a token in `tracks` and the parameter `tracks-why`. The reason is
/// one of [`Refused::as_str`](crate::middleware::Refused::as_str).
///
/// ```
/// use axum::{Router, body::Body, routing::get};
/// use http::Request;
/// use tower::ServiceExt;
/// use tower_tracks::{
///     SimpleTrackSet, TracksLayer,
///     middleware::{Override, TRACKS_OVERRIDE},
/// };
///
/// # tokio::runtime::Runtime::new()?.block_on(async {
/// let pricing = SimpleTrackSet::new("pricing").track("cheap", 49).build()?;
/// let layer = TracksLayer::new(pricing).overrides(Override::new("sixteen random bytes, or more")?);
/// let app = Router::new().route("/", get(async || "hello")).layer(layer);
/// let request = Request::get("/?tracks=invented&tracks-why").header("user-agent", "Mozilla/5.0");
/// let response = app.oneshot(request.body(Body::empty())?).await?;
/// assert_eq!(response.headers()[TRACKS_OVERRIDE], "refused;reason=malformed");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// # })?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub const TRACKS_OVERRIDE: HeaderName = HeaderName::from_static("tracks-override");

/// How long a browser stores tokens, and tracks that staff named, after a link was opened. It is short,
/// because a link forces its track by a plain `GET`, also for a person who opened it unknowingly.
const KEPT: Duration = Duration::from_secs(60 * 60);

/// The tracks that the tokens of a request force, and the headers of its response about them.
#[derive(Debug)]
pub(crate) struct ForcedTracks {
    found: Vec<Found>,
    /// The header that stores the tokens; `None` if the cookie is already right.
    pub(crate) cookie: Option<HeaderValue>,
    /// The verdict about the token in the query; `None` if the query does not ask for it.
    pub(crate) verdict: Option<HeaderValue>,
}

/// The choice that one valid token forces.
#[derive(Debug, Clone, Copy)]
struct Found {
    group: usize,
    pick: Pick,
    expires: SystemTime,
}

impl Found {
    /// Returns whether both force the same set.
    fn is_of_set_of(&self, other: &Self) -> bool {
        (self.group, self.pick.set) == (other.group, other.pick.set)
    }
}

impl ForcedTracks {
    /// Replaces the choices by the forced ones.
    pub(crate) fn apply(&self, entries: &mut Few<Entry>) {
        for entry in entries.iter_mut() {
            if let Some(ours) = self.found.iter().find(|one| one.group == entry.group) {
                entry.force(ours.pick);
            }
        }
    }
}

impl Settings {
    /// Returns the choices that the tokens in the query and the cookie force; `None` for an excluded
    /// request.
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

    /// The token of the query replaces the stored one for the same set.
    fn force(&self, parts: &Parts, keys: &Few<Option<RequestKey>>) -> Option<ForcedTracks> {
        let query = parts.uri.query().unwrap_or_default();
        let asked = link::value_in(query);
        let written = self.kept(parts);
        // Nearly all requests end here, before the predicate of staff is called.
        if asked.is_none() && written.is_empty() {
            return None;
        }
        let judge = Judge::new(self, parts, keys);
        let is_cleared = asked == Some(CLEAR);
        let token = asked.filter(|token| !token.is_empty() && !is_cleared);
        let judged = token.map(|token| (token, judge.judge(token)));
        let accepted = judged.and_then(|(token, found)| Some((token, found.ok()?)));
        let refused = judged.map(|(_, found)| found.err());
        let refused = refused.filter(|_| has_parameter(query, WHY));
        let kept = Kept::read(if is_cleared { "" } else { written });
        let (found, cookie) = judge.keep(kept, written, accepted);
        Some(ForcedTracks {
            cookie,
            verdict: refused.and_then(verdict),
            found,
        })
    }

    /// Returns the value of the cookie with the tokens; empty if it is missing or not UTF-8.
    fn kept<'a>(&self, parts: &'a Parts) -> &'a str {
        let name = self.override_cookie();
        let value = cookies::find(&parts.headers, name, Some);
        value
            .and_then(|value| str::from_utf8(value).ok())
            .unwrap_or_default()
    }

    /// Returns the header that stores this value for a while; an empty value removes the cookie.
    fn keep(&self, value: &str, age: Duration) -> Option<HeaderValue> {
        let secure = if self.is_secure() { " Secure;" } else { "" };
        let age = if value.is_empty() { 0 } else { age.as_secs() };
        let name = self.override_cookie();
        let cookie =
            format!("{name}={value}; Path=/; Max-Age={age};{secure} HttpOnly; SameSite=Lax");
        HeaderValue::try_from(cookie).ok()
    }

    /// Returns the name of the cookie. The prefix `__Host-` requires `Secure`.
    fn override_cookie(&self) -> &'static str {
        match self.is_secure() {
            true => "__Host-tracks-override",
            false => "tracks-override",
        }
    }

    /// Returns whether the visitor cookie is `Secure`; the cookie of tokens follows it.
    fn is_secure(&self) -> bool {
        let visitors = self.keys.visitor_cookie();
        visitors.is_none_or(|cookie| cookie.is_secure())
    }
}

/// Verifies the tokens of one request. A token that is refused changes nothing, and is counted.
struct Judge<'a> {
    settings: &'a Settings,
    keys: &'a Few<Option<RequestKey>>,
    now: SystemTime,
    is_staff: bool,
}

impl<'a> Judge<'a> {
    /// Calls the predicate of staff, once for all tokens of the request.
    fn new(settings: &'a Settings, parts: &Parts, keys: &'a Few<Option<RequestKey>>) -> Self {
        let staff = settings.staff.as_ref();
        Self {
            settings,
            keys,
            now: settings.clock.now(),
            is_staff: staff.is_some_and(|is_staff| is_staff(parts)),
        }
    }

    /// Returns what a token forces here.
    ///
    /// A name without a signature is accepted only for staff.
    fn judge(&self, token: &str) -> Result<Found, Refused> {
        let found = match plain(token) {
            _ if !Kept::is_token(token) => Err(Refused::Malformed),
            Some((set, track)) if self.is_staff => self.find_named(set, track),
            Some(_) => Err(Refused::Signature),
            None => self.find(token),
        };
        found.inspect_err(|refused| self.settings.screening.counts.add_refused(*refused))
    }

    /// Returns the forced choices, and the cookie that replaces the previous one, if it differs.
    fn keep<'t>(
        &self,
        mut kept: Kept<'t>,
        written: &str,
        new: Option<(&'t str, Found)>,
    ) -> (Vec<Found>, Option<HeaderValue>) {
        let found = self.sift(&mut kept, new);
        let value = kept.to_string();
        // A cookie makes the response private, so none is sent that changes nothing.
        let cookie = (value != written).then(|| self.settings.keep(&value, self.age(&found)));
        (found, cookie.flatten())
    }

    /// Returns the choices that the tokens force, and removes refused tokens from `kept`. Only an
    /// accepted token of the query replaces a stored one.
    fn sift<'t>(&self, kept: &mut Kept<'t>, new: Option<(&'t str, Found)>) -> Vec<Found> {
        if let Some((token, _)) = new {
            kept.keep(token);
        }
        let mut all: Vec<Found> = Vec::new();
        kept.0.retain(|token| {
            // The new token was verified already, and an HMAC costs more than a comparison of texts.
            let known = new.filter(|(new, _)| new == token);
            let found = known.map_or_else(|| self.judge(token), |(_, found)| Ok(found));
            if let Ok(found) = found {
                // A renamed set may have a token of each name: the later one counts.
                all.retain(|one| !one.is_of_set_of(&found));
                all.push(found);
            }
            // What was kept before may be of another layer.
            found.is_ok() || found.is_err_and(|refused| refused == Refused::UnknownSet)
        });
        all
    }

    /// Returns how long the browser stores the tokens: until the last one expires, for at most
    /// [`KEPT`].
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
            pick: Pick::given(index, track, Reason::Forced),
            expires: forced.expires(),
        })
    }

    /// Returns the choice that staff forces by name.
    fn find_named(&self, set: &str, track: &str) -> Result<Found, Refused> {
        let found = self.settings.find_set(set);
        let (group, index, set) = found.ok_or(Refused::UnknownSet)?;
        let mut tracks = set.tracks().iter();
        let track = tracks.position(|one| one.name() == track);
        Ok(Found {
            group,
            pick: Pick::given(index, track.ok_or(Refused::UnknownTrack)?, Reason::Forced),
            // A name has no expiry of its own, unlike a token.
            expires: self.now + KEPT,
        })
    }
}

/// Returns whether the query has the parameter, with or without a value.
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
