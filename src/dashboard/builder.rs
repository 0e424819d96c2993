use std::{
    fmt,
    sync::{Arc, mpsc},
    time::Duration,
};

use axum::{Router, extract::DefaultBodyLimit, middleware};
use http::request::Parts;
use tower_http::csrf::{CsrfLayer, ProtectionError};

#[cfg(feature = "overrides")]
use crate::middleware::Override;
use crate::{
    event::Units,
    middleware::{Counts, PauseHandle},
    record::{Recorder, Store},
};

#[cfg(feature = "overrides")]
use super::preview::Preview;
use super::{
    Access,
    acts::Acts,
    board::{Asks, Board},
    gate,
    hosts::Hosts,
    pages, refresher,
};

/// How long after it was computed a report is computed again, unless it is said.
const REFRESH: Duration = Duration::from_secs(60);

/// The largest form that is read, in bytes: a key has 1024 at most, in percent-encoding three times
/// as many.
const FORM: usize = 16 << 10;

/// Pages of results, to be nested into an axum router by `nest_service`.
///
/// See the [module docs](super).
#[must_use = "a dashboard is shown by its router"]
pub struct Dashboard {
    store: Arc<dyn Store>,
    access: Asks,
    hosts: Hosts,
    recorder: Option<Recorder>,
    units: Option<Units>,
    pauses: Vec<PauseHandle>,
    counts: Vec<Counts>,
    #[cfg(feature = "overrides")]
    preview: Option<Preview>,
    refresh: Duration,
}

impl Dashboard {
    /// Makes a dashboard of a store, and of who may see it.
    ///
    /// `access` is asked for every request, on the request path: it must not block. It sees what
    /// outer layers put into the request's extensions, such as who signed in. A request for a host
    /// that is [not allowed](Self::hosts) is asked about twice, the second time without credentials.
    pub fn new(
        store: Arc<dyn Store>,
        access: impl Fn(&Parts) -> Access + Send + Sync + 'static,
    ) -> Self {
        Self {
            store,
            access: Box::new(access),
            hosts: Hosts::default(),
            recorder: None,
            units: None,
            pauses: Vec::new(),
            counts: Vec::new(),
            #[cfg(feature = "overrides")]
            preview: None,
            refresh: REFRESH,
        }
    }

    /// Sets the hosts by which this server may be addressed, such as `shop.example`; ports do not
    /// matter. `localhost` and loopback addresses always are; a text that is no host is ignored. A request that names another one, in
    /// its address, in `Host`, or in `X-Forwarded-Host` or `Forwarded`, is answered by 421.
    ///
    /// This stops pages of other sites that make their own name lead to this server (DNS rebinding).
    /// Those have no credential, so by default other hosts are refused to requests without one alone:
    /// those that `access` would also let in without their query, without extensions other than
    /// `ConnectInfo<SocketAddr>`, and without headers other than those of any browser and proxy. A
    /// service behind [`BasicAuth`](super::BasicAuth) or a sign-in needs no hosts. Set them where
    /// access is decided outside of the closure, such as by an outer layer, or by a client's address
    /// in a header or extension of your own.
    pub fn hosts<H: Into<String>>(mut self, hosts: impl IntoIterator<Item = H>) -> Self {
        self.hosts = self.hosts.with(hosts.into_iter().map(Into::into));
        self
    }

    /// Answers requests for whatever host.
    ///
    /// # Warning
    ///
    /// If access is open to all who reach this server, any page that somebody in your network
    /// visits can read the results, by DNS rebinding. Use it where an outer layer checks credentials
    /// or hosts.
    pub fn any_host(mut self) -> Self {
        self.hosts = Hosts::Any;
        self
    }

    /// Shows the state of a recorder, and looks up keys by its units. Defaults to none.
    ///
    /// The dashboard keeps the recorder alive: shut it down rather than dropping it.
    pub fn recorder(mut self, recorder: &Recorder) -> Self {
        self.recorder = Some(recorder.clone());
        self
    }

    /// Lets those who may act pause and resume the sets of a layer. May be called for several.
    /// Defaults to none.
    pub fn pauses(mut self, pauses: PauseHandle) -> Self {
        self.pauses.push(pauses);
        self
    }

    /// Shows on the first page what a layer has seen: its requests, those that it excluded, and sets
    /// that no handler reads. May be called for several. Defaults to none.
    pub fn counts(mut self, counts: Counts) -> Self {
        self.counts.push(counts);
        self
    }

    /// Lets those who may act make links that show a track of a page for some hours, such as
    /// `https://shop.example/coconuts`, before visitors see it. The layer has to have the same
    /// [`overrides`](crate::TracksLayer::overrides). Defaults to no links.
    #[cfg(feature = "overrides")]
    pub fn links(mut self, overrides: Override, page: impl Into<String>) -> Self {
        self.preview = Some(Preview {
            overrides,
            page: page.into(),
        });
        self
    }

    /// Says how keys become units, so that they can be looked up. Defaults to those of the
    /// [recorder](Self::recorder); without, pseudonyms alone can be looked up.
    pub fn units(mut self, units: Units) -> Self {
        self.units = Some(units);
        self
    }

    /// Sets how long after it was computed the report is computed again, in the background.
    /// Defaults to a minute, and is at least ten times as long as the computing took.
    pub fn refresh(mut self, interval: Duration) -> Self {
        self.refresh = interval;
        self
    }

    /// Returns the router, and starts the thread that reads the store. It ends when the router and
    /// all of its clones are dropped.
    ///
    /// Mount it by `nest_service`, which also answers the path with a final slash.
    pub fn into_router(self) -> Router {
        let (open, closed) = mpsc::channel();
        let board = Arc::new(Board {
            store: self.store,
            access: self.access,
            hosts: self.hosts,
            recorder: self.recorder,
            units: self.units,
            acts: Acts::new(self.pauses),
            counts: self.counts,
            #[cfg(feature = "overrides")]
            preview: self.preview,
            refresh: self.refresh,
            lookups: Default::default(),
            aside: Default::default(),
            known: Default::default(),
            open,
        });
        if let Err(error) = refresher::start(&board, closed) {
            board.learn(board.known().with_trouble(&error));
        }
        guarded(board)
    }
}

/// Every path is guarded, also those that are none.
fn guarded(board: Arc<Board>) -> Router {
    let foreign = |_: ProtectionError| gate::is_foreign();
    pages::routes()
        .layer(DefaultBodyLimit::max(FORM))
        .layer(CsrfLayer::new().with_rejection_response(foreign))
        .layer(middleware::from_fn_with_state(
            Arc::clone(&board),
            gate::admit,
        ))
        .layer(middleware::map_response(gate::protect))
        .with_state(board)
}

impl From<Dashboard> for Router {
    fn from(dashboard: Dashboard) -> Self {
        dashboard.into_router()
    }
}

impl fmt::Debug for Dashboard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Dashboard")
            .field("store", &self.store)
            .field("refresh", &self.refresh)
            .finish_non_exhaustive()
    }
}
