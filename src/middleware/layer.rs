use std::{fmt, sync::Arc};

use http::{HeaderName, request::Parts};
use tower_layer::Layer;

#[cfg(feature = "test-util")]
use crate::assign::{Set, Track};
use crate::{
    assign::{DefinitionError, check_distinct},
    event::Observe,
};

#[cfg(feature = "overrides")]
use super::overrides::{Override, Staff};
#[cfg(feature = "mask")]
use super::response::Mask;
use super::{
    group::{IntoGroup, PauseHandle},
    key::{KeySources, Randomness},
    request::Clock,
    screening::{Consent, Counts, Exclusion, consent},
    service::Tracks,
    settings::{Defined, Settings},
};
#[cfg(feature = "units")]
use crate::unit::Units;

/// Assigns each request to the tracks of its sets, once, and reports exposures.
///
/// See the guide [what happens to a request](crate::guide::requests).
///
/// The layer never fails a request, unless a closure of the application panics. Add it around the
/// routes, inside the layers for panics, tracing, CORS, compression, sessions and authentication.
#[derive(Clone)]
#[must_use = "a layer does nothing until it is put around a service"]
pub struct TracksLayer {
    settings: Arc<Settings>,
}

impl TracksLayer {
    /// Returns a layer for a built set, a [`MultiTrackSet`](crate::MultiTrackSet) or a
    /// [`Group`](crate::Group). It cannot fail, because the sets were checked when they were built.
    ///
    /// It reads the environment variable `TRACKS_OFF`: sets that it names are paused from the start.
    pub fn new(sets: impl IntoGroup) -> Self {
        Self {
            settings: Arc::new(Settings::new(sets.into_group())),
        }
    }

    /// Adds a group that is independent of the previous ones: each group chooses by itself, and one
    /// request may be in a track of each.
    ///
    /// # Errors
    ///
    /// If two groups have the same name, or two of their sets have the same name, enum or salt: their
    /// tracks would not be independent.
    pub fn and(mut self, sets: impl IntoGroup) -> Result<Self, DefinitionError> {
        let group = sets.into_group();
        let added = group.sets.iter().map(|set| &**set);
        check_distinct(self.settings.sets().chain(added))?;
        let name = group.sets.name();
        if self
            .settings
            .groups
            .iter()
            .any(|member| member.sets().name() == name)
        {
            let group = name.to_owned();
            return Err(DefinitionError::DuplicateGroup { group });
        }
        self.settings_mut().push(group);
        Ok(self)
    }

    /// Sets the source of visitors' keys: a [`KeySource`](crate::KeySource), a list of them, or a
    /// [`VisitorCookie`](crate::VisitorCookie).
    ///
    /// Defaults to the visitor cookie.
    pub fn key(self, sources: impl Into<KeySources>) -> Self {
        self.key_of(crate::assign::DEFAULT_UNIT, sources)
    }

    /// Sets the source of keys of another unit, for the sets that declare that unit.
    ///
    /// Defaults to none: then no request is in a track of those sets. If the name of the unit is
    /// invalid, there are no keys, and a warning is logged.
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
    /// let discount = SimpleTrackSet::new("discount").track("five", 5).unit("user").build()?;
    /// let layer = TracksLayer::new(banner)
    ///     .and(discount)?
    ///     .key_of("user", KeySource::extension(|user: &User| user.id));
    /// # Ok::<(), tower_tracks::DefinitionError>(())
    /// ```
    pub fn key_of(mut self, unit: impl Into<String>, sources: impl Into<KeySources>) -> Self {
        self.settings_mut()
            .key_of(unit.into().into(), sources.into());
        self
    }

    /// Sets which requests are in no test. They get control and no cookie, and are not counted.
    ///
    /// Defaults to bots and speculative loads; see [`Exclusion`].
    pub fn exclude(mut self, exclusion: Exclusion) -> Self {
        self.settings_mut().screening.exclusion = exclusion;
        self
    }

    /// Sets the closure that returns the consent of a request. It must not panic.
    ///
    /// Defaults to [`Consent::Granted`], and [`Consent::Ephemeral`] under `Sec-GPC: 1`.
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
    pub fn consent(mut self, consent: impl Fn(&Parts) -> Consent + Send + Sync + 'static) -> Self {
        self.settings_mut().screening.consent = consent::Hook::new(consent);
        self
    }

    /// Adds an observer, which receives exposures and conversions after the observers added before.
    ///
    /// Defaults to none. [`Observe`] documents when it is called.
    ///
    /// ```
    /// use tower_tracks::{Exposure, SimpleTrackSet, TracksLayer};
    ///
    /// let delay = SimpleTrackSet::new("delay").track("short", 500).build()?;
    /// let layer = TracksLayer::new(delay).observe(|exposure: &Exposure| {
    ///     println!("a {} was exposed to {exposure}", exposure.unit());
    /// });
    /// # Ok::<(), tower_tracks::DefinitionError>(())
    /// ```
    pub fn observe(mut self, observer: impl Observe) -> Self {
        let settings = self.settings_mut();
        settings.observer = Some(match settings.observer.take() {
            Some(former) => Arc::new((former, observer)),
            None => Arc::new(observer),
        });
        self
    }

    /// Sets the name of the exposure header, or disables it with `None`.
    ///
    /// Defaults to [`TRACKS_EXPOSURE`](crate::middleware::TRACKS_EXPOSURE).
    pub fn header(mut self, name: impl Into<Option<HeaderName>>) -> Self {
        self.settings_mut().header = name.into();
        self
    }

    /// Lets requests with a signed token choose a track.
    ///
    /// The token is in the query parameter `tracks`. The layer then stores it in a cookie, for an hour,
    /// until it expires, or until `?tracks=clear`. The choice has the reason `forced`, the header has
    /// `;forced`, and no exposure is reported. An invalid token changes nothing and is
    /// [counted](Self::counts). With `&tracks-why`, the response has the reason, as in
    /// `Tracks-Override: refused;reason=expired`. Defaults to none.
    #[cfg(feature = "overrides")]
    pub fn overrides(mut self, overrides: Override) -> Self {
        self.settings_mut().overrides = Some(overrides);
        self
    }

    /// Lets requests for which `is_staff` returns true choose a track by name, as in
    /// `?tracks=pricing~cheap`. Otherwise it works like [`overrides`](Self::overrides). Defaults to no
    /// requests.
    ///
    /// # Warning
    ///
    /// These requests need no token. So the predicate must check something that a client cannot
    /// forge, such as a verified session. It must not panic.
    ///
    /// Opening a link is enough: a link with `?tracks=pricing~cheap` puts a member of the staff into
    /// that track for an hour.
    #[cfg(feature = "overrides")]
    pub fn overrides_when(
        mut self,
        is_staff: impl Fn(&Parts) -> bool + Send + Sync + 'static,
    ) -> Self {
        self.settings_mut().staff = Some(Staff(Arc::new(is_staff)));
        self
    }

    /// Masks the names of sets and tracks in the header, so that they reveal nothing without the secret.
    /// Defaults to plain names.
    #[cfg(feature = "mask")]
    pub fn mask(mut self, mask: Mask) -> Self {
        self.settings_mut().mask(mask);
        self
    }

    /// Adds the unit to the header, as `;unit="…"`, for access logs. The proxy must remove the header
    /// after logging. Defaults to no unit.
    #[cfg(feature = "units")]
    pub fn units(mut self, units: Units) -> Self {
        self.settings_mut().pseudonyms = Some(units);
        self
    }

    /// Gives each assignment a [`RunId`](crate::assign::RunId), and adds it to the header.
    ///
    /// Defaults to none.
    pub fn run_ids(mut self) -> Self {
        self.settings_mut().run_ids = true;
        self
    }

    /// Sets the clock for the times of exposures. Defaults to the wall clock.
    pub fn clock(mut self, clock: Clock) -> Self {
        self.settings_mut().clock = clock;
        self
    }

    /// Sets the source of random bytes. Defaults to the operating system.
    pub fn randomness(mut self, randomness: Randomness) -> Self {
        self.settings_mut().keys.randomness = randomness;
        self
    }

    /// Returns the handle that turns sets off and on again while the service runs.
    ///
    /// It has the sets that were added so far, so call it after the last [`and`](Self::and).
    pub fn pauses(&self) -> PauseHandle {
        self.settings.pauses()
    }

    /// Returns the live counts of the layer's requests and excluded requests.
    ///
    /// It has the sets that were added so far, so call it after the last [`and`](Self::and).
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
        *exclusion = std::mem::take(exclusion).without_agent(false);
        #[cfg(any(feature = "mask", feature = "overrides", feature = "units"))]
        settings.signing.off_by_default();
        Some(self)
    }

    pub(super) fn settings_mut(&mut self) -> &mut Settings {
        let settings = Arc::make_mut(&mut self.settings);
        // The caller may add a set, an observer or a secret.
        settings.defined = Defined::default();
        #[cfg(any(feature = "mask", feature = "overrides", feature = "units"))]
        settings.signing.forget_resolved();
        settings
    }
}

impl<S> Layer<S> for TracksLayer {
    type Service = Tracks<S>;

    fn layer(&self, inner: S) -> Self::Service {
        self.settings.check();
        self.settings.define();
        #[cfg(any(feature = "mask", feature = "overrides", feature = "units"))]
        self.settings.cookie_signing();
        Tracks::new(inner, Arc::clone(&self.settings))
    }
}

impl fmt::Debug for TracksLayer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("TracksLayer").field(&self.settings).finish()
    }
}
