use std::{fmt, sync::Arc};

use http::{HeaderMap, header::USER_AGENT, request::Parts};

use crate::assign::Reason;

use super::{agents::Agents, speculation};

/// Which requests are in no test: they get control, no cookie, and are not counted.
///
/// By default those are
///
/// * bots: requests whose `User-Agent` is missing or empty, or has one of a list of fragments in
///   it, in upper or lower case. It names search engines and archives (`bot`, `crawl`, `spider`, …),
///   previews of links, health checks of load balancers and clusters (`kube-probe`, `healthcheck`,
///   …) and monitors (`pingdom`, `uptime`, …). Phones whose name has a fragment in it, such as those
///   of Cubot, are people's;
/// * speculative loads, which nobody may ever look at: `Sec-Purpose: prefetch`, the older `Purpose`,
///   `X-Purpose` and `X-Moz`, and what scripts in pages send: `X-Sec-Purpose` of Turbo, `Purpose` of
///   Inertia, `HX-Preloaded` of htmx, `Next-Router-Prefetch` of Next.js.
///
/// Programs such as curl, http libraries and headless browsers are no bots by default: they may be
/// clients of an API, tests, or load generators. A request that has no `User-Agent`, as those of
/// hyper and reqwest and of a test's `oneshot`, is a bot's until
/// [`without_agent(false)`](Self::without_agent).
///
/// Some libraries do not say that they prefetch, such as SvelteKit, Unpoly and quicklink without
/// `<link rel="prefetch">`: [`when`](Self::when) excludes requests by what the application adds.
///
/// A page that was prefetched, or prerendered, becomes the visitor's without a second request:
/// then they have control and are not counted. To have them ask again, refuse such loads by
/// [`RefuseSpeculationLayer`](super::RefuseSpeculationLayer). Turbo prefetches each link that is hovered
/// over: switch that off for links to pages that are tested, by `data-turbo-prefetch="false"`.
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
    predicates: Vec<Predicate>,
}

type Predicate = Arc<dyn Fn(&Parts) -> bool + Send + Sync>;

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
    /// Excludes nothing.
    pub fn none() -> Self {
        Self {
            agents: Agents::default(),
            without_agent: false,
            speculative: false,
            predicates: Vec::new(),
        }
    }

    /// Sets which fragments of user agents are those of bots, in place of those before.
    pub fn bots<F: AsRef<str>>(mut self, fragments: impl IntoIterator<Item = F>) -> Self {
        self.agents = self.agents.bots(fragments);
        self
    }

    /// Sets names in user agents that are no bots', though they have a fragment of a bot's in them,
    /// such as `Cubot`; in place of those before. A name begins where a word does.
    pub fn not_bots<N: AsRef<str>>(mut self, names: impl IntoIterator<Item = N>) -> Self {
        self.agents = self.agents.not_bots(names);
        self
    }

    /// Sets whether a request without a `User-Agent`, or with an empty one, is a bot's.
    ///
    /// Load generators and tests often send none.
    pub fn without_agent(mut self, excluded: bool) -> Self {
        self.without_agent = excluded;
        self
    }

    /// Sets whether speculative loads are excluded.
    pub fn speculative(mut self, excluded: bool) -> Self {
        self.speculative = excluded;
        self
    }

    /// Excludes those requests, too, for which `excluded` is true. It must not panic.
    pub fn when(mut self, excluded: impl Fn(&Parts) -> bool + Send + Sync + 'static) -> Self {
        self.predicates.push(Arc::new(excluded));
        self
    }

    /// Returns whether closures of the application exclude requests.
    pub(super) fn has_predicates(&self) -> bool {
        !self.predicates.is_empty()
    }

    /// Returns why a request is in no test, if it is not.
    #[inline]
    pub(super) fn reason(&self, parts: &Parts) -> Option<Reason> {
        if self.is_bot(&parts.headers) {
            Some(Reason::Bot)
        } else if self.speculative && speculation::is_speculative(&parts.headers) {
            Some(Reason::Speculative)
        } else if self.predicates.iter().any(|excluded| excluded(parts)) {
            Some(Reason::Excluded)
        } else {
            None
        }
    }

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

/// Returns the user agent; an empty one where there is none.
#[inline]
pub(super) fn agent(headers: &HeaderMap) -> &[u8] {
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
