//! Live counts of a layer, in relaxed atomics: each is exact, but two of them may differ by the
//! requests in between.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering::Relaxed},
    },
    time::SystemTime,
};

use crate::assign::Reason;

use crate::middleware::group::{Flags, Member, Untracked};
#[cfg(feature = "overrides")]
use crate::middleware::overrides::Refused;

/// Live counts of a layer: its requests, those that are in no track, and the sets that no handler has read.
///
/// [`TracksLayer::counts`](crate::TracksLayer::counts) returns it. The numbers count from the start of this
/// process. All clones, and all values that the method returned, are live, so a page of metrics needs only
/// one:
///
/// ```
/// use axum::{Router, extract::State, routing::get};
/// use tower_tracks::{Reason, SimpleTrackSet, TracksLayer, middleware::Counts};
///
/// async fn metrics(State(counts): State<Counts>) -> String {
///     let bots = counts.excluded(Reason::Bot);
///     format!("requests {}\nbots {bots}\n", counts.requests())
/// }
///
/// let delay = SimpleTrackSet::new("delay").track("short", 500).build()?;
/// let layer = TracksLayer::new(delay);
/// let metrics: Router = Router::new().route("/metrics", get(metrics)).with_state(layer.counts());
/// let app: Router = Router::new().route("/", get(async || "hello")).layer(layer).merge(metrics);
/// # Ok::<(), tower_tracks::DefinitionError>(())
/// ```
#[derive(Debug, Clone, Default)]
pub struct Counts {
    numbers: Arc<Numbers>,
    /// A flag for each set that a handler has read. The flags are those of the groups, so they are live,
    /// too.
    read: Arc<[Flags]>,
    /// The requests in no track, by group.
    untracked: Arc<[Untracked]>,
}

/// One number for each reason that requests are excluded for, and one for each reason that a token or a
/// cookie is refused for.
#[derive(Debug)]
struct Numbers {
    /// When the layer was made.
    since: SystemTime,
    requests: AtomicU64,
    bot: AtomicU64,
    speculative: AtomicU64,
    excluded: AtomicU64,
    no_consent: AtomicU64,
    ephemeral: AtomicU64,
    #[cfg(any(feature = "mask", feature = "overrides", feature = "units"))]
    refused_cookies: AtomicU64,
    #[cfg(feature = "propagation")]
    refused_propagations: AtomicU64,
    /// By the reason as an index.
    #[cfg(feature = "overrides")]
    refused: [AtomicU64; Refused::COUNT],
}

impl Default for Numbers {
    fn default() -> Self {
        Self {
            since: SystemTime::now(),
            requests: AtomicU64::default(),
            bot: AtomicU64::default(),
            speculative: AtomicU64::default(),
            excluded: AtomicU64::default(),
            no_consent: AtomicU64::default(),
            ephemeral: AtomicU64::default(),
            #[cfg(any(feature = "mask", feature = "overrides", feature = "units"))]
            refused_cookies: AtomicU64::default(),
            #[cfg(feature = "propagation")]
            refused_propagations: AtomicU64::default(),
            #[cfg(feature = "overrides")]
            refused: Default::default(),
        }
    }
}

impl Counts {
    /// Returns the time from which the numbers count: when the layer was made, in this process.
    ///
    /// ```
    /// use std::time::SystemTime;
    ///
    /// use tower_tracks::{SimpleTrackSet, TracksLayer};
    ///
    /// let before = SystemTime::now();
    /// let delay = SimpleTrackSet::new("delay").track("short", 500).build()?;
    /// let counts = TracksLayer::new(delay).counts();
    /// assert!(counts.since() >= before);
    /// # Ok::<(), tower_tracks::DefinitionError>(())
    /// ```
    pub fn since(&self) -> SystemTime {
        self.numbers.since
    }

    /// Returns the names of the sets of the layer.
    ///
    /// ```
    /// use tower_tracks::{SimpleTrackSet, TracksLayer};
    ///
    /// let delay = SimpleTrackSet::new("delay").track("short", 500).build()?;
    /// assert!(TracksLayer::new(delay).counts().sets().eq(["delay"]));
    /// # Ok::<(), tower_tracks::DefinitionError>(())
    /// ```
    pub fn sets(&self) -> impl Iterator<Item = &str> {
        let sets = self.read.iter().flat_map(Flags::iter);
        sets.map(|(set, _)| set.name())
    }

    /// Returns how many requests reached the layer, including excluded ones.
    ///
    /// A request that passes the same layer twice counts once. Under nested layers, each layer counts
    /// it.
    ///
    /// ```
    /// use tower_tracks::{SimpleTrackSet, TracksLayer};
    ///
    /// let delay = SimpleTrackSet::new("delay").track("short", 500).build()?;
    /// let layer = TracksLayer::new(delay);
    /// assert_eq!(layer.counts().requests(), 0);
    /// # Ok::<(), tower_tracks::DefinitionError>(())
    /// ```
    pub fn requests(&self) -> u64 {
        self.numbers.requests.load(Relaxed)
    }

    /// Returns the names of the sets of which no handler has read a track.
    ///
    /// A set that is never read is never recorded. If its name is still here after much traffic, probably no
    /// handler reads it. A group chooses one of its sets for a visitor, so a new set may still wait for its
    /// first visitor.
    ///
    /// ```
    /// use tower_tracks::{SimpleTrackSet, TracksLayer};
    ///
    /// let delay = SimpleTrackSet::new("delay").track("short", 500).build()?;
    /// let banner = SimpleTrackSet::new("banner").track("blue", 0x0000ff).build()?;
    /// let layer = TracksLayer::new(delay).and(banner)?;
    /// assert!(layer.counts().unread().eq(["delay", "banner"]));
    /// # Ok::<(), tower_tracks::DefinitionError>(())
    /// ```
    pub fn unread(&self) -> impl Iterator<Item = &str> {
        let sets = self.read.iter().flat_map(Flags::iter);
        let unread = sets.filter(|(_, read)| !read.load(Relaxed));
        unread.map(|(set, _)| set.name())
    }

    /// Returns how many requests were excluded for a reason.
    ///
    /// The reasons are [`Reason::Bot`], [`Reason::Speculative`], [`Reason::Excluded`] and
    /// [`Reason::NoConsent`]. For all other reasons it returns 0. If several reasons apply to a
    /// request, it counts for the first of these.
    ///
    /// ```
    /// use tower_tracks::{Reason, SimpleTrackSet, TracksLayer};
    ///
    /// let delay = SimpleTrackSet::new("delay").track("short", 500).build()?;
    /// let counts = TracksLayer::new(delay).counts();
    /// let reasons = [Reason::Bot, Reason::Speculative, Reason::Excluded, Reason::NoConsent];
    /// let excluded: u64 = reasons.into_iter().map(|reason| counts.excluded(reason)).sum();
    /// assert_eq!(excluded, 0);
    /// # Ok::<(), tower_tracks::DefinitionError>(())
    /// ```
    pub fn excluded(&self, reason: Reason) -> u64 {
        self.number(reason).map_or(0, |number| number.load(Relaxed))
    }

    /// Returns how many requests were in no track of a set for a reason.
    ///
    /// The reasons are [`Reason::OutsideShare`], [`Reason::HeldOut`] and [`Reason::Paused`], if the set was chosen, and
    /// [`Reason::Ineligible`] and [`Reason::NoKey`], if no set of its group was: all sets of a group have the
    /// same numbers of these. For all other reasons, and for a set that the layer does not have, it returns
    /// 0. Excluded requests are in [`excluded`](Self::excluded) alone.
    ///
    /// ```
    /// use axum::{Router, body::Body, routing::get};
    /// use http::Request;
    /// use tower::ServiceExt;
    /// use tower_tracks::{Reason, SimpleTrackSet, TracksLayer};
    ///
    /// # tokio::runtime::Runtime::new()?.block_on(async {
    /// let delay = SimpleTrackSet::new("delay").track("short", 500).share(0.0).build()?;
    /// let layer = TracksLayer::new(delay);
    /// let counts = layer.counts();
    /// let app = Router::new().route("/", get(async || "hello")).layer(layer);
    /// let request = Request::get("/").header("user-agent", "Mozilla/5.0");
    /// app.oneshot(request.body(Body::empty())?).await?;
    /// assert_eq!(counts.untracked("delay", Reason::OutsideShare), 1);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// # })?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn untracked(&self, set: &str, reason: Reason) -> u64 {
        let mut groups = self.untracked.iter();
        let found = groups.find_map(|group| group.get(set, reason));
        found.unwrap_or_default()
    }

    /// Returns how many requests were in a track with
    /// [`Consent::Ephemeral`](crate::Consent::Ephemeral).
    ///
    /// Nothing else is stored about them. By default, these are the requests with `Sec-GPC: 1`.
    ///
    /// ```
    /// use axum::{Router, body::Body, routing::get};
    /// use http::Request;
    /// use tower::ServiceExt;
    /// use tower_tracks::{SimpleTrackSet, TracksLayer};
    ///
    /// # tokio::runtime::Runtime::new()?.block_on(async {
    /// let delay = SimpleTrackSet::new("delay").track("short", 500).build()?;
    /// let layer = TracksLayer::new(delay);
    /// let counts = layer.counts();
    /// let app = Router::new().route("/", get(async || "hello")).layer(layer);
    /// let request = Request::get("/").header("user-agent", "Mozilla/5.0").header("sec-gpc", "1");
    /// app.oneshot(request.body(Body::empty())?).await?;
    /// assert_eq!(counts.ephemeral(), 1);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// # })?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn ephemeral(&self) -> u64 {
        self.numbers.ephemeral.load(Relaxed)
    }

    /// Returns how many visitor cookies were refused: unsigned ones if [cookies are
    /// signed](crate::TracksLayer::sign), and those that none of the secrets signed.
    ///
    /// Without another key, the visitor of such a request is new. At most eight wrong signatures are
    /// counted in one request. A rising number after a change of the secret shows that the former one
    /// is missing.
    ///
    /// ```
    /// use tower_tracks::{SimpleTrackSet, TracksLayer, unit::CookieSigning};
    ///
    /// let delay = SimpleTrackSet::new("delay").track("short", 500).build()?;
    /// let signing = CookieSigning::new("sixteen random bytes, or more")?;
    /// let layer = TracksLayer::new(delay).sign(signing);
    /// assert_eq!(layer.counts().refused_cookies(), 0);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[cfg(any(feature = "mask", feature = "overrides", feature = "units"))]
    pub fn refused_cookies(&self) -> u64 {
        self.numbers.refused_cookies.load(Relaxed)
    }

    /// Counts a refused visitor cookie.
    #[cfg(any(feature = "mask", feature = "overrides", feature = "units"))]
    pub(crate) fn add_refused_cookie(&self) {
        self.numbers.refused_cookies.fetch_add(1, Relaxed);
    }

    /// Returns how many requests carried keys and choices of another service that were refused: malformed, forged,
    /// expired, too long, or several.
    ///
    /// It stays 0 without [`accept_propagated`](crate::TracksLayer::accept_propagated).
    ///
    /// ```
    /// use axum::{Router, body::Body, routing::get};
    /// use http::Request;
    /// use tower::ServiceExt;
    /// use tower_tracks::{SimpleTrackSet, TracksLayer, middleware::Propagation};
    ///
    /// # tokio::runtime::Runtime::new()?.block_on(async {
    /// let delay = SimpleTrackSet::new("delay").track("short", 500).build()?;
    /// let propagation = Propagation::new("sixteen random bytes, or more")?;
    /// let layer = TracksLayer::new(delay).accept_propagated(propagation);
    /// let counts = layer.counts();
    /// let app = Router::new().route("/", get(async || "hello")).layer(layer);
    /// let request = Request::get("/").header("tracks-propagation", "v1.invented");
    /// app.oneshot(request.body(Body::empty())?).await?;
    /// assert_eq!(counts.refused_propagations(), 1);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// # })?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[cfg(feature = "propagation")]
    pub fn refused_propagations(&self) -> u64 {
        self.numbers.refused_propagations.load(Relaxed)
    }

    /// Counts a refused header of another service.
    #[cfg(feature = "propagation")]
    pub(crate) fn add_refused_propagation(&self) {
        self.numbers.refused_propagations.fetch_add(1, Relaxed);
    }

    /// Returns how many tokens were refused for a reason.
    ///
    /// A token in a cookie counts in each request that has it, until the response removes it.
    ///
    /// ```
    /// use axum::{Router, body::Body, routing::get};
    /// use http::Request;
    /// use tower::ServiceExt;
    /// use tower_tracks::{SimpleTrackSet, TracksLayer, middleware::{Override, Refused}};
    ///
    /// # tokio::runtime::Runtime::new()?.block_on(async {
    /// let delay = SimpleTrackSet::new("delay").track("short", 500).build()?;
    /// let layer = TracksLayer::new(delay).overrides(Override::new("sixteen random bytes, or more")?);
    /// let counts = layer.counts();
    /// let app = Router::new().route("/", get(async || "hello")).layer(layer);
    /// let request = Request::get("/?tracks=invented").header("user-agent", "Mozilla/5.0");
    /// app.oneshot(request.body(Body::empty())?).await?;
    /// assert_eq!(counts.refused(Refused::Malformed), 1);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// # })?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[cfg(feature = "overrides")]
    pub fn refused(&self, reason: Refused) -> u64 {
        let number = self.numbers.refused.get(reason as usize);
        number.map_or(0, |number| number.load(Relaxed))
    }

    /// Counts a refused token.
    #[cfg(feature = "overrides")]
    pub(crate) fn add_refused(&self, reason: Refused) {
        if let Some(number) = self.numbers.refused.get(reason as usize) {
            number.fetch_add(1, Relaxed);
        }
    }

    /// Returns the same numbers, with the sets of these groups.
    pub(crate) fn of(&self, groups: &[Member]) -> Self {
        Self {
            numbers: Arc::clone(&self.numbers),
            read: groups.iter().map(|member| member.read.clone()).collect(),
            untracked: groups
                .iter()
                .map(|member| member.untracked.clone())
                .collect(),
        }
    }

    pub(crate) fn add_request(&self) {
        self.numbers.requests.fetch_add(1, Relaxed);
    }

    /// Counts an excluded request.
    pub(crate) fn add(&self, reason: Reason) {
        if let Some(number) = self.number(reason) {
            number.fetch_add(1, Relaxed);
        }
    }

    pub(crate) fn add_ephemeral(&self) {
        self.numbers.ephemeral.fetch_add(1, Relaxed);
    }

    /// Returns the number for a reason of exclusion; `None` for all other reasons.
    fn number(&self, reason: Reason) -> Option<&AtomicU64> {
        match reason {
            Reason::Bot => Some(&self.numbers.bot),
            Reason::Speculative => Some(&self.numbers.speculative),
            Reason::Excluded => Some(&self.numbers.excluded),
            Reason::NoConsent => Some(&self.numbers.no_consent),
            _ => None,
        }
    }
}
