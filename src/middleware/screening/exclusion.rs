//! The rule that decides which requests are not part of any test.

use std::{fmt, sync::Arc};

use http::{HeaderMap, header::USER_AGENT, request::Parts};

use crate::assign::Reason;

use super::{agents::Agents, speculation};

/// Defines which requests are not part of any test. They get control and no cookie, and are not counted.
///
/// By default these are
///
/// * bots: requests whose `User-Agent` is missing, empty, or contains one of a list of fragments,
///   ignoring case. The list covers search engines and archives (`bot`, `crawl`, `spider`, …), link
///   previews, health checks of load balancers and clusters (`kube-probe`, `healthcheck`, …) and
///   monitors (`pingdom`, `uptime`, …). Phones whose name contains a fragment, such as those of Cubot,
///   are not bots;
/// * speculative loads, whose page may never be shown: `Sec-Purpose: prefetch`, the older `Purpose`,
///   `X-Purpose` and `X-Moz`, and headers of scripts in pages: `X-Sec-Purpose` of Turbo, `Purpose` of
///   Inertia, `HX-Preloaded` of htmx, `Next-Router-Prefetch` of Next.js.
///
/// Programs such as curl, HTTP libraries and headless browsers are not bots by default: they may be
/// clients of an API, tests or load generators. A request without `User-Agent`, as from hyper, reqwest
/// or a test's `oneshot`, is a bot unless you set [`without_agent(false)`](Self::without_agent).
///
/// Some libraries send no header when they prefetch, such as SvelteKit, Unpoly, and quicklink without
/// `<link rel="prefetch">`. Exclude these with [`when`](Self::when), by a header of the application.
///
/// A page that was prefetched or prerendered is shown without a second request. Its visitor then has
/// control and is not counted. To force a second request, refuse such loads with
/// [`RefuseSpeculationLayer`](crate::middleware::RefuseSpeculationLayer). Turbo prefetches each link
/// that the pointer hovers over: turn that off for links to tested pages, with
/// `data-turbo-prefetch="false"`.
///
/// ```
/// use http::Method;
/// use tower_tracks::{Exclusion, SimpleTrackSet, TracksLayer};
///
/// let delay = SimpleTrackSet::new("delay").track("short", 500).build()?;
/// let layer = TracksLayer::new(delay)
///     .exclude(Exclusion::default().when(|parts| parts.method == Method::DELETE));
/// # Ok::<(), tower_tracks::DefinitionError>(())
/// ```
#[derive(Clone)]
pub struct Exclusion {
    agents: Agents,
    without_agent: bool,
    speculative: bool,
    pub(super) predicates: Vec<Predicate>,
}

/// A closure of the application that returns whether something applies to a request.
pub(crate) type Predicate = Arc<dyn Fn(&Parts) -> bool + Send + Sync>;

impl Default for Exclusion {
    fn default() -> Self {
        Self {
            agents: Agents::known(),
            ..Self::none()
        }
        .without_agent(true)
        .speculative(true)
    }
}

impl Exclusion {
    /// Excludes nothing, so that bots and speculative loads are visitors.
    ///
    /// Use it for an API whose clients are programs, or as a start for a list of your own.
    ///
    /// ```
    /// use tower_tracks::{Exclusion, SimpleTrackSet, TracksLayer};
    ///
    /// let delay = SimpleTrackSet::new("delay").track("short", 500).build()?;
    /// let layer = TracksLayer::new(delay).exclude(Exclusion::none().bots(["my-monitor/"]));
    /// # Ok::<(), tower_tracks::DefinitionError>(())
    /// ```
    pub fn none() -> Self {
        Self {
            agents: Agents::default(),
            without_agent: false,
            speculative: false,
            predicates: Vec::new(),
        }
    }

    /// Sets the fragments of bots' user agents, ignoring case. It replaces the previous list.
    ///
    /// Empty fragments are ignored. An empty list means that no user agent is that of a bot. To add to
    /// the default list instead, use [`when`](Self::when).
    ///
    /// ```
    /// use tower_tracks::Exclusion;
    ///
    /// let exclusion = Exclusion::default().bots(["bot", "crawl", "spider", "my-monitor/"]);
    /// ```
    pub fn bots<F: AsRef<str>>(mut self, fragments: impl IntoIterator<Item = F>) -> Self {
        self.agents = self.agents.bots(fragments);
        self
    }

    /// Sets names in user agents that are not bots although they contain a fragment, such as `Cubot`.
    /// It replaces the previous list.
    ///
    /// A name counts only at the beginning of a word, and ignoring case.
    ///
    /// ```
    /// use tower_tracks::Exclusion;
    ///
    /// // The application's own app is named like a bot.
    /// let exclusion = Exclusion::default().not_bots(["cubot", "Botany/"]);
    /// ```
    pub fn not_bots<N: AsRef<str>>(mut self, names: impl IntoIterator<Item = N>) -> Self {
        self.agents = self.agents.not_bots(names);
        self
    }

    /// Sets whether a request with a missing or empty `User-Agent` is a bot.
    ///
    /// Load generators and tests often send none.
    ///
    /// Defaults to true, and to false after [`none`](Self::none).
    ///
    /// ```
    /// use tower_tracks::Exclusion;
    ///
    /// let exclusion = Exclusion::default().without_agent(false);
    /// ```
    pub fn without_agent(mut self, excluded: bool) -> Self {
        self.without_agent = excluded;
        self
    }

    /// Sets whether speculative loads are excluded.
    ///
    /// Defaults to true, and to false after [`none`](Self::none). If they are not excluded, a visitor
    /// who never opens the page counts as exposed.
    ///
    /// ```
    /// use tower_tracks::Exclusion;
    ///
    /// let exclusion = Exclusion::default().speculative(false);
    /// ```
    pub fn speculative(mut self, excluded: bool) -> Self {
        self.speculative = excluded;
        self
    }

    /// Also excludes requests for which `excluded` returns true. It must not panic.
    ///
    /// Several closures add up. They are called in order, in requests that no other rule excludes,
    /// until one returns true. The reason is [`Reason::Excluded`](crate::Reason::Excluded).
    ///
    /// ```
    /// use tower_tracks::Exclusion;
    ///
    /// /// The session of an employee.
    /// #[derive(Clone)]
    /// struct Employee;
    ///
    /// let exclusion = Exclusion::default()
    ///     .when(|parts| parts.extensions.get::<Employee>().is_some())
    ///     .when(|parts| parts.headers.contains_key("x-load-test"));
    /// ```
    pub fn when(mut self, excluded: impl Fn(&Parts) -> bool + Send + Sync + 'static) -> Self {
        self.predicates.push(Arc::new(excluded));
        self
    }

    /// Returns the reason why a request is not part of any test, if there is one.
    #[inline]
    pub(crate) fn reason(&self, parts: &Parts) -> Option<Reason> {
        // A request counts for the first reason that applies, and `Counts::excluded` documents this
        // order. The closures come last, since bots and speculative loads need not be shown to the
        // application.
        if self.is_bot(&parts.headers) {
            Some(Reason::Bot)
        } else if self.speculative && speculation::is_speculative(&parts.headers) {
            Some(Reason::Speculative)
        } else if self.is_by_closure(parts) {
            Some(Reason::Excluded)
        } else {
            None
        }
    }

    /// Returns whether a closure of the application excludes the request.
    #[inline]
    pub(crate) fn is_by_closure(&self, parts: &Parts) -> bool {
        self.predicates.iter().any(|excluded| excluded(parts))
    }

    /// Returns whether the user agent is that of a bot. The header is not read if no setting needs it.
    #[inline]
    fn is_bot(&self, headers: &HeaderMap) -> bool {
        if self.agents.is_empty() && !self.without_agent {
            return false;
        }
        match agent(headers) {
            b"" => self.without_agent,
            agent => self.agents.has_bot(agent),
        }
    }
}

/// Returns the user agent; empty if there is none.
#[inline]
pub(crate) fn agent(headers: &HeaderMap) -> &[u8] {
    headers
        .get(USER_AGENT)
        .map_or(b"", |agent| agent.as_bytes())
}

impl fmt::Debug for Exclusion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Exclusion")
            .field("agents", &self.agents)
            .field("without_agent", &self.without_agent)
            .field("speculative", &self.speculative)
            .field("predicates", &self.predicates.len())
            .finish()
    }
}
