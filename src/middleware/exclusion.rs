use std::{fmt, sync::Arc};

use http::{HeaderMap, header::USER_AGENT, request::Parts};

use crate::assign::Reason;

use super::{fragments::Fragments, speculation};

/// Parts of the user agents that fetch for themselves: search engines, previews of links,
/// monitors.
const BOTS: [&str; 8] = [
    "bot",
    "crawl",
    "spider",
    "slurp",
    "facebookexternalhit",
    "mediapartners",
    "lighthouse",
    "pingdom",
];

/// Which requests are in no test: they get control, no cookie, and are not counted.
///
/// By default those are
///
/// * bots: requests whose `User-Agent` is missing or empty, or has one of a short list of
///   fragments in it, in upper or lower case: `bot`, `crawl`, `spider`, `slurp`,
///   `facebookexternalhit`, `mediapartners`, `lighthouse`, `pingdom`;
/// * speculative loads, by which a browser fetches what nobody may ever look at:
///   `Sec-Purpose: prefetch`, and the older `Purpose`, `X-Purpose` and `X-Moz`.
///
/// A page that was prefetched, or prerendered, becomes the visitor's without a second request:
/// then they have control and are not counted. To have them ask again, refuse such loads by
/// [`RefuseSpeculationLayer`](super::RefuseSpeculationLayer).
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
    bots: Fragments,
    without_agent: bool,
    speculative: bool,
    predicates: Vec<Predicate>,
}

type Predicate = Arc<dyn Fn(&Parts) -> bool + Send + Sync>;

impl Default for Exclusion {
    fn default() -> Self {
        Self::none()
            .bots(BOTS)
            .without_agent(true)
            .speculative(true)
    }
}

impl Exclusion {
    /// Excludes nothing.
    pub fn none() -> Self {
        Self {
            bots: Fragments::default(),
            without_agent: false,
            speculative: false,
            predicates: Vec::new(),
        }
    }

    /// Sets which fragments of user agents are those of bots, in place of those before.
    pub fn bots<F: AsRef<str>>(mut self, fragments: impl IntoIterator<Item = F>) -> Self {
        self.bots = Fragments::new(fragments);
        self
    }

    /// Sets whether a request without a `User-Agent`, or with an empty one, is a bot's.
    ///
    /// Load generators often send none.
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
        if self.bots.is_empty() && !self.without_agent {
            return false;
        }
        match headers.get(USER_AGENT).map(|agent| agent.as_bytes()) {
            None | Some(b"") => self.without_agent,
            Some(agent) => self.bots.is_in(agent),
        }
    }
}

impl fmt::Debug for Exclusion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Exclusion")
            .field("bots", &self.bots)
            .field("without_agent", &self.without_agent)
            .field("speculative", &self.speculative)
            .field("predicates", &self.predicates.len())
            .finish()
    }
}
