use std::{fmt, sync::Arc};

use http::{HeaderName, request::Parts};
use tower_layer::Layer;

#[cfg(feature = "test-util")]
use crate::assign::{Set, Track};
use crate::{
    assign::{DefinitionError, check_distinct},
    event::Observe,
};

#[cfg(feature = "mask")]
use super::Mask;
use super::{
    Clock, Consent, Counts, Exclusion, IntoGroup, KeySources, PauseHandle, Randomness, Tracks,
    consent,
    settings::{Defined, Settings},
};
#[cfg(feature = "overrides")]
use super::{Override, forcing::Staff};
#[cfg(feature = "units")]
use crate::event::Units;

/// Assigns each request to the tracks of its sets, once, and tells who met them.
///
/// [What happens to a request](crate::guide::requests) is a page of its own.
///
/// The layer never fails a request, as long as the closures it was given do not panic. Where it
/// stands among others: inside panic catcher, trace, CORS, compression, session and auth, around
/// the routes.
#[derive(Clone)]
#[must_use = "a layer does nothing until it is put around a service"]
pub struct TracksLayer {
    settings: Arc<Settings>,
}

impl TracksLayer {
    /// Returns a layer for a built set, a [`MultiTrackSet`](crate::MultiTrackSet) or a
    /// [`Group`](super::Group). It cannot fail: all was checked when the sets were built.
    pub fn new(sets: impl IntoGroup) -> Self {
        Self {
            settings: Arc::new(Settings::new(sets.into_group())),
        }
    }

    /// Adds a group that is independent of those before: each chooses for itself, and one
    /// request may be in a track of each.
    ///
    /// # Errors
    ///
    /// When two groups share a name, or sets of theirs a name, an enum or a salt: their
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

    /// Sets where the key of a visitor comes from: a [`KeySource`](super::KeySource), a list
    /// of them, or a [`VisitorCookie`](super::VisitorCookie).
    ///
    /// Defaults to the visitor cookie.
    pub fn key(self, sources: impl Into<KeySources>) -> Self {
        self.key_of(crate::assign::DEFAULT_UNIT, sources)
    }

    /// Sets where the key of another unit comes from, for the sets that declare that unit.
    ///
    /// Defaults to none, and then nobody is in a track of those sets. No key is looked for where
    /// the unit is not a name that a set's unit may have, and a warning says so.
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
        self.settings_mut().keys(unit.into().into(), sources.into());
        self
    }

    /// Sets which requests are in no test: control, no cookie, not counted.
    ///
    /// Defaults to bots and speculative loads, see [`Exclusion`].
    pub fn exclude(mut self, exclusion: Exclusion) -> Self {
        self.settings_mut().exclusion = exclusion;
        self
    }

    /// Sets how the consent of a request is found. The closure must not panic.
    ///
    /// Defaults to [`Consent::Granted`], and [`Consent::Ephemeral`] under `Sec-GPC: 1`.
    ///
    /// ```
    /// use tower_tracks::{Consent, SimpleTrackSet, TracksLayer};
    ///
    /// /// What the session knows of the visitor's answer.
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
        self.settings_mut().consent = consent::Hook::new(consent);
        self
    }

    /// Adds somebody who is told of exposures, after those who were added before.
    ///
    /// Defaults to nobody. See [`Observe`] for when it is called.
    ///
    /// ```
    /// use tower_tracks::{Exposure, SimpleTrackSet, TracksLayer};
    ///
    /// let delay = SimpleTrackSet::new("delay").track("short", 500).build()?;
    /// let layer = TracksLayer::new(delay).observe(|exposure: &Exposure| {
    ///     println!("a {} met {exposure}", exposure.unit());
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

    /// Sets the name of the header that says what was read, or that there is none.
    ///
    /// Defaults to [`TRACKS_EXPOSURE`](super::TRACKS_EXPOSURE).
    pub fn header(mut self, name: impl Into<Option<HeaderName>>) -> Self {
        self.settings_mut().header = name.into();
        self
    }

    /// Lets those who have a token see a track before, or instead of, their own.
    ///
    /// A token comes in the query parameter `tracks`, and is then kept in a cookie for an hour, or
    /// until its time is over, or until `?tracks=clear`. Its track has the reason `forced`, the
    /// header says `forced`, and no exposure is told. A token that is not valid here changes
    /// nothing, and is [counted](Self::counts); `&tracks-why` beside it has the response say why, as in
    /// `Tracks-Override: refused;reason=expired`. Defaults to none.
    #[cfg(feature = "overrides")]
    pub fn overrides(mut self, overrides: Override) -> Self {
        self.settings_mut().overrides = Some(overrides);
        self
    }

    /// Lets those see a track before, or instead of, their own for whom `is_staff` is true: by
    /// naming it, as in `?tracks=pricing~cheap`. Otherwise it is as with
    /// [`overrides`](Self::overrides). Defaults to nobody.
    ///
    /// # Warning
    ///
    /// Whoever satisfies the predicate needs no token. It must look at what a client cannot make
    /// up, such as a verified session. It must not panic.
    ///
    /// Opening a link is enough: whoever sends `?tracks=pricing~cheap` to somebody of the staff
    /// puts them into that track, for an hour.
    #[cfg(feature = "overrides")]
    pub fn overrides_when(
        mut self,
        is_staff: impl Fn(&Parts) -> bool + Send + Sync + 'static,
    ) -> Self {
        self.settings_mut().staff = Some(Staff(Arc::new(is_staff)));
        self
    }

    /// Masks the names of sets and tracks in the header, so that who has not the secret learns
    /// nothing from them. Defaults to the names as they are.
    #[cfg(feature = "mask")]
    pub fn mask(mut self, mask: Mask) -> Self {
        self.settings_mut().mask(mask);
        self
    }

    /// Lets the header tell who was exposed, as `;unit="…"`, so that an access log has it. The
    /// proxy must take it away after logging. Defaults to not.
    #[cfg(feature = "units")]
    pub fn units(mut self, units: Units) -> Self {
        self.settings_mut().pseudonyms = Some(units);
        self
    }

    /// Gives each assignment a [`RunId`](crate::RunId), and names it in the header.
    ///
    /// Defaults to none.
    pub fn run_ids(mut self) -> Self {
        self.settings_mut().run_ids = true;
        self
    }

    /// Sets where the time of a reading comes from. Defaults to the wall clock.
    pub fn clock(mut self, clock: Clock) -> Self {
        self.settings_mut().clock = clock;
        self
    }

    /// Sets where random bytes come from. Defaults to the operating system.
    pub fn randomness(mut self, randomness: Randomness) -> Self {
        self.settings_mut().randomness = randomness;
        self
    }

    /// Returns the handle that turns sets off and on again while the service runs.
    ///
    /// It has the sets that the layer has by now: take it after the last
    /// [`and`](Self::and).
    pub fn pauses(&self) -> PauseHandle {
        self.settings.pauses()
    }

    /// Returns the live numbers of the layer's requests, and of those that it excluded.
    ///
    /// It knows the sets that the layer has by now: call it after the last [`and`](Self::and).
    pub fn counts(&self) -> Counts {
        self.settings.counts.of(&self.settings.groups)
    }

    /// Has the group of the first such set choose its first such track for every request; `None`
    /// when there is none.
    #[cfg(feature = "test-util")]
    pub(crate) fn pin_where(
        mut self,
        is_set: impl Fn(&Set) -> bool,
        is_track: impl Fn(&Track) -> bool,
    ) -> Option<Self> {
        let settings = self.settings_mut();
        settings.pin(is_set, is_track)?;
        settings.exclusion = settings.exclusion.clone().without_agent(false);
        settings.signing.off_by_default();
        Some(self)
    }

    pub(super) fn settings_mut(&mut self) -> &mut Settings {
        let settings = Arc::make_mut(&mut self.settings);
        // Whoever changes it may have added a set, an observer or a secret.
        settings.defined = Defined::default();
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
