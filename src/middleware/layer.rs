use std::{
    fmt,
    sync::{Arc, OnceLock},
};

use http::{HeaderName, request::Parts};
use tower_layer::Layer;

#[cfg(feature = "test-util")]
use crate::assign::{Set, Track};
use crate::{
    assign::{DefinitionError, check_distinct},
    event::Observe,
};

#[cfg(feature = "overrides")]
use super::overrides::Override;
#[cfg(feature = "mask")]
use super::response::Mask;
use super::{
    group::{Group, Holdout, IntoGroup, PauseHandle},
    key::{KeySources, Randomness},
    request::Clock,
    screening::{Consent, Counts, Exclusion, consent},
    service::Tracks,
    settings::Settings,
};
#[cfg(feature = "control")]
use crate::control::Controls;
#[cfg(feature = "units")]
use crate::unit::Units;

/// Chooses the tracks of each request once, and reports exposures.
///
/// See the guide [what happens to a request](crate::guide::requests).
///
/// The layer never causes a request to fail, unless a closure of the application panics. Add it around the
/// routes, inside the layers for panics, tracing, CORS, compression, sessions and authentication. In axum,
/// this means that those layers are added after this one.
///
/// Each setting has a default, so `TracksLayer::new(sets)` is a complete layer: it identifies visitors
/// by a cookie, excludes bots, respects `Sec-GPC`, and writes the header `Tracks-Exposure`.
///
/// ```
/// use axum::{Router, body::Body, routing::get};
/// use http::Request;
/// use tower::ServiceExt;
/// use tower_tracks::{Assignment, SimpleTrackSet, TracksLayer};
///
/// # tokio::runtime::Runtime::new()?.block_on(async {
/// // Without control, each visitor is in the one track.
/// let delay = SimpleTrackSet::new("delay").without_control().track("short", 500).build()?;
/// let app = Router::new()
///     .route("/", get(async |delay: Assignment| delay.to_string()))
///     .layer(TracksLayer::new(delay));
///
/// let request = Request::get("/").header("user-agent", "Mozilla/5.0").body(Body::empty())?;
/// let response = app.oneshot(request).await?;
/// assert_eq!(response.headers()["tracks-exposure"], "delay=short");
/// assert_eq!(response.headers()["cache-control"], "private");
/// assert!(response.headers().contains_key("set-cookie"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// # })?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// Clones share the pauses, the counts, and the list of warnings that were already logged. All other
/// settings of a clone can be changed without effect on the original.
#[derive(Clone)]
#[must_use = "a layer does nothing until it is put around a service"]
pub struct TracksLayer {
    /// Shared with the services; [`settings_mut`](Self::settings_mut) copies it if a service or a clone
    /// has it, so that a service in use never changes.
    settings: Arc<Settings>,
}

impl TracksLayer {
    /// Returns a layer for a built set, a [`MultiTrackSet`](crate::MultiTrackSet) or a
    /// [`Group`](crate::Group). It cannot fail, because the sets were checked when they were built.
    ///
    /// It reads the environment variable `TRACKS_OFF`. The sets that the variable names are paused from the
    /// start.
    ///
    /// ```
    /// use tower_tracks::{MultiTrackSet, SimpleTrackSet, TracksLayer};
    ///
    /// // A group of two sets: each visitor is in one of them.
    /// let sets = MultiTrackSet::builder()
    ///     .name("shop")
    ///     .add(SimpleTrackSet::new("delay").track("short", 500))
    ///     .add(SimpleTrackSet::new("banner").track("blue", 0x0000ff))
    ///     .build()?;
    /// let layer = TracksLayer::new(sets);
    /// assert!(layer.pauses().sets().eq(["delay", "banner"]));
    /// # Ok::<(), tower_tracks::DefinitionError>(())
    /// ```
    pub fn new(sets: impl IntoGroup) -> Self {
        Self {
            settings: Arc::new(Settings::new(sets.into_group())),
        }
    }

    /// Adds a group that is independent of the groups added before.
    ///
    /// Each group chooses a track by itself, so one request may be in one track of each group.
    ///
    /// Use it for tests that do not affect each other. If they do, put their sets into one group, so
    /// that no visitor is in two of them. The guide [`groups`](crate::guide::groups) compares both.
    ///
    /// ```
    /// use tower_tracks::{DefinitionError, SimpleTrackSet, TracksLayer};
    ///
    /// let delay = SimpleTrackSet::new("delay").track("short", 500).build()?;
    /// let banner = SimpleTrackSet::new("banner").track("blue", 0x0000ff).build()?;
    /// let layer = TracksLayer::new(delay.clone()).and(banner)?;
    /// assert!(layer.pauses().sets().eq(["delay", "banner"]));
    ///
    /// assert!(layer.and(delay).is_err());
    /// # Ok::<(), DefinitionError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// If two groups have the same name, or if two of their sets have the same name, enum or salt. The
    /// tracks of such sets would not be independent.
    pub fn and(mut self, sets: impl IntoGroup) -> Result<Self, DefinitionError> {
        let group = self.distinct(sets)?;
        self.settings_mut().push(group);
        Ok(self)
    }

    /// Checks that a group differs from those of the layer.
    fn distinct(&self, sets: impl IntoGroup) -> Result<Group, DefinitionError> {
        let group = sets.into_group();
        let added = group.sets.iter().map(|set| &**set);
        check_distinct(self.settings.sets().chain(added))?;
        let name = group.sets.name();
        let mut groups = self.settings.groups.iter();
        if groups.any(|member| member.sets().name() == name) {
            let group = name.to_owned();
            return Err(DefinitionError::DuplicateGroup { group });
        }
        Ok(group)
    }

    /// Holds a share of all keys out of every set of the layer, also of those that are added later.
    ///
    /// The keys get the code path of control, and are counted in the holdout alone: see [`Holdout`]. A nested layer
    /// has its own.
    ///
    /// ```
    /// use tower_tracks::{Holdout, SimpleTrackSet, TracksLayer};
    ///
    /// let delay = SimpleTrackSet::new("delay").track("short", 500).build()?;
    /// let layer = TracksLayer::new(delay).holdout(Holdout::new("q4-2026", 0.05))?;
    /// assert!(layer.pauses().sets().eq(["delay", "q4-2026"]));
    /// # Ok::<(), tower_tracks::DefinitionError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// If the name is invalid, or that of another set; if the share is not from 0 to 1; and the errors of the plan.
    pub fn holdout(mut self, holdout: Holdout) -> Result<Self, DefinitionError> {
        let group = self.distinct(holdout.build()?)?;
        self.settings_mut().push_holdout(group);
        Ok(self)
    }

    /// Sets the source of visitors' keys: a [`KeySource`](crate::KeySource), a list of sources, or a
    /// [`VisitorCookie`](crate::VisitorCookie).
    ///
    /// Defaults to the visitor cookie.
    ///
    /// It replaces the previous sources. If a client can choose its key, it can also choose its track. The
    /// methods of [`KeySource`](crate::KeySource) describe how far each source can be trusted.
    ///
    /// ```
    /// use tower_tracks::{KeySource, SimpleTrackSet, TracksLayer, VisitorCookie};
    ///
    /// let delay = SimpleTrackSet::new("delay").track("short", 500).build()?;
    /// let layer = TracksLayer::new(delay);
    ///
    /// // For HTTP without TLS on your own machine:
    /// let local = layer.clone().key(VisitorCookie::plain());
    /// // For an application that has a cookie with an id:
    /// let own = layer.key([
    ///     KeySource::cookie("uid"),
    ///     KeySource::visitor(VisitorCookie::default()),
    /// ]);
    /// # Ok::<(), tower_tracks::DefinitionError>(())
    /// ```
    pub fn key(self, sources: impl Into<KeySources>) -> Self {
        self.key_of(crate::assign::DEFAULT_UNIT, sources)
    }

    /// Sets the source of keys for one unit, such as `user`.
    ///
    /// The sets that declare this unit use these keys.
    ///
    /// Defaults to none. Without a source, no request is in a track of those sets. If the name of the unit
    /// is invalid, there are no keys, and a warning is logged.
    ///
    /// ```
    /// use tower_tracks::{KeySource, SimpleTrackSet, TracksLayer};
    ///
    /// #[derive(Clone)]
    /// struct User {
    ///     id: u64,
    /// }
    ///
    /// let banner = SimpleTrackSet::new("banner").track("blue", "#00f").build()?;
    /// let discount = SimpleTrackSet::new("discount").track("five", 5).unit_kind("user").build()?;
    /// let layer = TracksLayer::new(banner)
    ///     .and(discount)?
    ///     .key_of("user", KeySource::extension(|user: &User| user.id));
    /// # Ok::<(), tower_tracks::DefinitionError>(())
    /// ```
    ///
    /// It replaces the previous sources of the unit. If the unit is not `visitor`, the layer reads the key
    /// in every request, even if no set declares the unit. If a request has a visitor's key and a user's
    /// key, the layer reports an [`Alias`](crate::event::Alias), and conversions are attributed to the
    /// user.
    pub fn key_of(mut self, unit: impl Into<String>, sources: impl Into<KeySources>) -> Self {
        self.settings_mut().key_of(unit.into(), sources.into());
        self
    }

    /// Sets which requests are not part of any test. They get control and no cookie, and are not counted.
    ///
    /// Defaults to bots and speculative loads; see [`Exclusion`].
    ///
    /// ```
    /// use tower_tracks::{Exclusion, SimpleTrackSet, TracksLayer};
    ///
    /// let delay = SimpleTrackSet::new("delay").track("short", 500).build()?;
    /// let layer = TracksLayer::new(delay).exclude(
    ///     Exclusion::default()
    ///         .without_agent(false)
    ///         .when(|parts| parts.uri.path().starts_with("/admin/")),
    /// );
    /// # Ok::<(), tower_tracks::DefinitionError>(())
    /// ```
    pub fn exclude(mut self, exclusion: Exclusion) -> Self {
        self.settings_mut().screening.exclusion = exclusion;
        self
    }

    /// Sets the closure that returns the consent of a request. It must not panic.
    ///
    /// By default, the consent is [`Consent::Granted`]. If the request has the header `Sec-GPC: 1` (Global
    /// Privacy Control), it is [`Consent::Ephemeral`].
    ///
    /// ```
    /// use tower_tracks::{Consent, SimpleTrackSet, TracksLayer};
    ///
    /// /// The visitor's answer, from the session.
    /// #[derive(Clone)]
    /// struct Agreed(bool);
    ///
    /// let delay = SimpleTrackSet::new("delay").track("short", 500).build()?;
    /// let layer = TracksLayer::new(delay).consent(|parts| match parts.extensions.get() {
    ///     Some(Agreed(true)) => Consent::Granted,
    ///     Some(Agreed(false)) => Consent::Denied,
    ///     None => Consent::Ephemeral,
    /// });
    /// # Ok::<(), tower_tracks::DefinitionError>(())
    /// ```
    ///
    /// The closure is called once per request. It is not called for requests that are excluded as bots, as
    /// speculative loads, or by [`Exclusion::when`](crate::Exclusion::when). It replaces the check of
    /// `Sec-GPC`. The guide [`consent`](crate::guide::consent) has closures that read a cookie and combine
    /// it with `Sec-GPC`.
    pub fn consent(mut self, consent: impl Fn(&Parts) -> Consent + Send + Sync + 'static) -> Self {
        self.settings_mut().screening.consent = consent::Hook(Some(Arc::new(consent)));
        self
    }

    /// Adds an observer, which receives exposures and conversions.
    ///
    /// Observers are called in the order in which they were added.
    ///
    /// Defaults to none. [`Observe`] documents when it is called.
    ///
    /// ```
    /// use tower_tracks::{Exposure, SimpleTrackSet, TracksLayer};
    ///
    /// let delay = SimpleTrackSet::new("delay").track("short", 500).build()?;
    /// let layer = TracksLayer::new(delay).observe(|exposure: &Exposure| {
    ///     println!("a {} was exposed to {exposure}", exposure.unit_kind());
    /// });
    /// # Ok::<(), tower_tracks::DefinitionError>(())
    /// ```
    ///
    /// Without an observer, exposures are only in the header, and conversions are lost with a warning.
    /// If an observer panics, it misses the event; the request and the other observers continue.
    pub fn observe(mut self, observer: impl Observe) -> Self {
        let settings = self.settings_mut();
        settings.observer = Some(match settings.observer.take() {
            // The former observer comes first: receipts and the signing of cookies are those of the
            // first that has them.
            Some(former) => Arc::new((former, observer)),
            None => Arc::new(observer),
        });
        self
    }

    /// Sets the name of the exposure header, or disables it with `None`.
    ///
    /// Defaults to [`TRACKS_EXPOSURE`](crate::middleware::TRACKS_EXPOSURE).
    ///
    /// Clients can see in the header what is tested. So let the proxy remove it after logging, or set
    /// `mask` to hide the names. The guide `logs` shows both.
    ///
    /// ```
    /// use http::HeaderName;
    /// use tower_tracks::{SimpleTrackSet, TracksLayer};
    ///
    /// let delay = SimpleTrackSet::new("delay").track("short", 500).build()?;
    /// let layer = TracksLayer::new(delay);
    /// let renamed = layer.clone().header(HeaderName::from_static("x-tracks"));
    /// let silent = layer.header(None);
    /// # Ok::<(), tower_tracks::DefinitionError>(())
    /// ```
    pub fn header(mut self, name: impl Into<Option<HeaderName>>) -> Self {
        self.settings_mut().header = name.into();
        self
    }

    /// Lets requests with a signed token choose a track.
    ///
    /// The token is in the query parameter `tracks`. The layer stores the token in a cookie for an hour, or
    /// until the token expires if that is earlier. A request with `?tracks=clear` removes it. The choice
    /// has the reason `forced`, the header has `;forced`, and no exposure is reported. An invalid token
    /// changes nothing and is [counted](Self::counts). With `&tracks-why` in the query, a header of the
    /// response has the reason, as in `Tracks-Override: refused;reason=expired`.
    ///
    /// The cookie is named `__Host-tracks-override`, or `tracks-override` if the visitor cookie is not
    /// `Secure`. It has the tokens of at most eight sets.
    ///
    /// Defaults to none.
    ///
    /// ```
    /// use std::time::{Duration, SystemTime};
    /// use tower_tracks::{SimpleTrackSet, TracksLayer, middleware::{Force, Override}};
    ///
    /// let pricing = SimpleTrackSet::new("pricing").track("cheap", 49).build()?;
    /// let overrides = Override::new("sixteen random bytes, or more")?;
    ///
    /// let tomorrow = SystemTime::now() + Duration::from_secs(24 * 60 * 60);
    /// let force = Force::new("pricing", "cheap", tomorrow);
    /// let link = overrides.link("https://shop.example/", pricing.sets(), &force)?;
    /// assert!(link.starts_with("https://shop.example/?tracks=v2~pricing~1~cheap~"));
    ///
    /// let layer = TracksLayer::new(pricing).overrides(overrides);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[cfg(feature = "overrides")]
    pub fn overrides(mut self, overrides: Override) -> Self {
        self.settings_mut().overrides = Some(overrides);
        self
    }

    /// Lets requests for which `is_staff` returns true choose a track by name, as in
    /// `?tracks=pricing~cheap`.
    ///
    /// Otherwise it works like [`overrides`](Self::overrides): the choice is kept in a cookie for an
    /// hour, has the reason `forced`, and is not reported. `is_staff` is called for requests that have
    /// the query parameter or the cookie. Defaults to no requests.
    ///
    /// ```
    /// use tower_tracks::{SimpleTrackSet, TracksLayer};
    ///
    /// #[derive(Clone)]
    /// struct Session {
    ///     is_staff: bool,
    /// }
    ///
    /// let pricing = SimpleTrackSet::new("pricing").track("cheap", 49).build()?;
    /// let layer = TracksLayer::new(pricing).overrides_when(|parts| {
    ///     parts.extensions.get::<Session>().is_some_and(|session| session.is_staff)
    /// });
    /// # Ok::<(), tower_tracks::DefinitionError>(())
    /// ```
    ///
    /// # Warning
    ///
    /// These requests need no token. So the predicate must check something that a client cannot forge,
    /// such as a verified session. It must not panic.
    ///
    /// If a member of the staff opens a link with `?tracks=pricing~cheap`, their browser is in that track
    /// for an hour.
    #[cfg(feature = "overrides")]
    pub fn overrides_when(
        mut self,
        is_staff: impl Fn(&Parts) -> bool + Send + Sync + 'static,
    ) -> Self {
        self.settings_mut().staff = Some(Arc::new(is_staff));
        self
    }

    /// Masks the names of sets and tracks in the header, so that they reveal nothing without the
    /// secret.
    ///
    /// Everything else has the plain names: choices, exposures and recorded facts. A reader of logs
    /// unmasks the names with [`Mask::table`](crate::middleware::Mask::table). Defaults to plain names.
    ///
    /// ```
    /// use axum::{Router, body::Body, routing::get};
    /// use http::Request;
    /// use tower::ServiceExt;
    /// use tower_tracks::{Assignment, SimpleTrackSet, TracksLayer, middleware::Mask};
    ///
    /// # tokio::runtime::Runtime::new()?.block_on(async {
    /// let pricing = SimpleTrackSet::new("pricing").without_control().track("cheap", 49).build()?;
    /// let layer = TracksLayer::new(pricing).mask(Mask::new("sixteen random bytes, or more")?);
    /// let app = Router::new()
    ///     .route("/", get(async |pricing: Assignment| pricing.to_string()))
    ///     .layer(layer);
    /// let request = Request::get("/").header("user-agent", "Mozilla/5.0").body(Body::empty())?;
    /// let response = app.oneshot(request).await?;
    /// assert_eq!(response.headers()["tracks-exposure"], "*1a01044=*548849a");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// # })?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[cfg(feature = "mask")]
    pub fn mask(mut self, mask: Mask) -> Self {
        self.settings_mut().mask(mask);
        self
    }

    /// Adds the unit to the header, as `;unit="…"`, for access logs.
    ///
    /// A unit stands for a key, and is written as 32 hexadecimal digits. Random keys, and keys that are
    /// pinned in a definition, have no unit. Defaults to no unit.
    ///
    /// ```
    /// use tower_tracks::{SimpleTrackSet, TracksLayer, Units};
    ///
    /// let delay = SimpleTrackSet::new("delay").track("short", 500).build()?;
    /// let units = Units::pseudonym("sixteen random bytes, or more")?;
    /// let layer = TracksLayer::new(delay).units(units);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Warning
    ///
    /// The proxy must remove the header after logging: a unit identifies a visitor in all of the visitor's
    /// requests.
    #[cfg(feature = "units")]
    pub fn units(mut self, units: Units) -> Self {
        self.settings_mut().pseudonyms = Some(units);
        self
    }

    /// Gives each assignment a [`RunId`](crate::assign::RunId), and adds it to the header.
    ///
    /// Defaults to none.
    ///
    /// With the id of a run, you can find the log line, the header and the recorded fact of one request and
    /// group. A run costs sixteen random bytes per group and request.
    ///
    /// ```
    /// use axum::{Router, body::Body, routing::get};
    /// use http::Request;
    /// use tower::ServiceExt;
    /// use tower_tracks::{Assignment, SimpleTrackSet, TracksLayer, middleware::Randomness};
    ///
    /// # tokio::runtime::Runtime::new()?.block_on(async {
    /// let delay = SimpleTrackSet::new("delay").without_control().track("short", 500).build()?;
    /// let layer = TracksLayer::new(delay)
    ///     .run_ids()
    ///     .randomness(Randomness::from_fn(|| [0x11; 16]));
    /// let app = Router::new()
    ///     .route("/", get(async |delay: Assignment| delay.to_string()))
    ///     .layer(layer);
    /// let request = Request::get("/").header("user-agent", "Mozilla/5.0").body(Body::empty())?;
    /// let response = app.oneshot(request).await?;
    /// let run = "delay=short;run=\"11111111-1111-4111-9111-111111111111\"";
    /// assert_eq!(response.headers()["tracks-exposure"], run);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// # })?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn run_ids(mut self) -> Self {
        self.settings_mut().run_ids = true;
        self
    }

    /// Sets the clock for the times of exposures and conversions, and for the expiry of tokens.
    ///
    /// If you set a clock, the durations of requests are also computed from this clock. By default, times
    /// are from the wall clock, and durations from a monotonic clock.
    ///
    /// ```
    /// use std::time::SystemTime;
    /// use tower_tracks::{SimpleTrackSet, TracksLayer, testing::FixedClock};
    ///
    /// let clock = FixedClock::new(SystemTime::UNIX_EPOCH);
    /// let delay = SimpleTrackSet::new("delay").track("short", 500).build()?;
    /// let layer = TracksLayer::new(delay).clock(clock.clock());
    /// # Ok::<(), tower_tracks::DefinitionError>(())
    /// ```
    pub fn clock(mut self, clock: Clock) -> Self {
        self.settings_mut().clock = clock;
        self
    }

    /// Sets the source of random bytes for new visitors' keys, random keys, runs and ids of
    /// conversions.
    ///
    /// Defaults to the operating system. Set it in tests, so that new visitors get the same cookies in
    /// each run.
    ///
    /// ```
    /// use tower_tracks::{SimpleTrackSet, TracksLayer, testing::randomness};
    ///
    /// let delay = SimpleTrackSet::new("delay").track("short", 500).build()?;
    /// let layer = TracksLayer::new(delay).randomness(randomness(7));
    /// # Ok::<(), tower_tracks::DefinitionError>(())
    /// ```
    pub fn randomness(mut self, randomness: Randomness) -> Self {
        self.settings_mut().keys.randomness = randomness;
        self
    }

    /// Returns the handle that pauses and resumes sets while the service runs.
    ///
    /// The returned value has only the sets that were added so far, so call this method after the last
    /// [`and`](Self::and).
    ///
    /// ```
    /// use tower_tracks::{SimpleTrackSet, TracksLayer};
    ///
    /// let delay = SimpleTrackSet::new("delay").track("short", 500).build()?;
    /// let layer = TracksLayer::new(delay);
    /// let pauses = layer.pauses();
    /// pauses.pause("delay")?;
    /// assert!(pauses.paused().eq(["delay"]));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn pauses(&self) -> PauseHandle {
        let groups = self.settings.groups.iter();
        PauseHandle(groups.map(|member| member.paused.clone()).collect())
    }

    /// Lets all sets of the layer follow [`Controls`], also the groups that are added later.
    ///
    /// A change of a set applies to requests that begin after it came into force. `TRACKS_OFF` and the
    /// [handle](Self::pauses) of this process pause a set whatever the controls say.
    ///
    /// ```
    /// use tower_tracks::{SimpleTrackSet, TracksLayer, control::{Controls, MemoryLog}};
    ///
    /// let delay = SimpleTrackSet::new("delay").track("short", 500).build()?;
    /// let controls = Controls::builder(MemoryLog::default()).start()?;
    /// let layer = TracksLayer::new(delay).controls(&controls);
    /// assert_eq!(controls.sets(), ["delay"]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[cfg(feature = "control")]
    pub fn controls(mut self, controls: &Controls) -> Self {
        self.settings_mut().control(controls);
        self
    }

    /// Returns the live counts of the layer's requests and excluded requests.
    ///
    /// The returned value has only the sets that were added so far, so call this method after the last
    /// [`and`](Self::and).
    ///
    /// ```
    /// use axum::{Router, body::Body, routing::get};
    /// use http::Request;
    /// use tower::ServiceExt;
    /// use tower_tracks::{Reason, SimpleTrackSet, TracksLayer};
    ///
    /// # tokio::runtime::Runtime::new()?.block_on(async {
    /// let delay = SimpleTrackSet::new("delay").track("short", 500).build()?;
    /// let layer = TracksLayer::new(delay);
    /// let counts = layer.counts();
    /// let app = Router::new().route("/", get(async || "hello")).layer(layer);
    ///
    /// let request = Request::get("/").header("user-agent", "Googlebot/2.1").body(Body::empty())?;
    /// app.oneshot(request).await?;
    /// assert_eq!((counts.requests(), counts.excluded(Reason::Bot)), (1, 1));
    /// assert!(counts.unread().eq(["delay"]));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// # })?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn counts(&self) -> Counts {
        self.settings.screening.counts.of(&self.settings.groups)
    }

    /// Pins the first matching track of the first matching set for every request; `None` if there is
    /// none.
    #[cfg(feature = "test-util")]
    pub(crate) fn pin_where(
        mut self,
        is_set: impl Fn(&Set) -> bool,
        is_track: impl Fn(&Track) -> bool,
    ) -> Option<Self> {
        let settings = self.settings_mut();
        settings.pin(is_set, is_track)?;
        let exclusion = &mut settings.screening.exclusion;
        // A request of a test has no user agent, unless the test sets one.
        *exclusion = std::mem::take(exclusion).without_agent(false);
        #[cfg(any(feature = "mask", feature = "overrides", feature = "units"))]
        settings.signing.off_by_default();
        Some(self)
    }

    /// Returns the settings for a change, as a copy if a service or a clone of the layer has them.
    pub(super) fn settings_mut(&mut self) -> &mut Settings {
        let settings = Arc::make_mut(&mut self.settings);
        // The caller may add a set, an observer or a secret.
        settings.defined = OnceLock::new();
        #[cfg(any(feature = "mask", feature = "overrides", feature = "units"))]
        settings.signing.forget_resolved();
        settings
    }
}

impl TracksLayer {
    /// Adds the units of groups without a source, whose keys are told.
    #[cfg(feature = "ofrep")]
    pub(super) fn add_units(&mut self) {
        // Only then: it copies the settings that a service has.
        if self
            .settings
            .groups
            .iter()
            .any(|member| member.unit.is_none())
        {
            self.settings_mut().be_told();
        }
    }

    /// Returns the settings for use: they are checked, and the observer knows the sets.
    pub(super) fn prepared(&self) -> Arc<Settings> {
        // Here and not in `new`: all settings are known only now. Each of these calls has an effect
        // once, because a router puts the layer around each of its routes.
        self.settings.check();
        self.settings.define();
        #[cfg(any(feature = "mask", feature = "overrides", feature = "units"))]
        self.settings.cookie_signing();
        Arc::clone(&self.settings)
    }
}

impl<S> Layer<S> for TracksLayer {
    type Service = Tracks<S>;

    fn layer(&self, inner: S) -> Self::Service {
        let settings = self.prepared();
        Tracks { inner, settings }
    }
}

impl fmt::Debug for TracksLayer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("TracksLayer").field(&self.settings).finish()
    }
}
