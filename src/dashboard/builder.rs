//! The dashboard's builder, which becomes a router.

use std::{
    fmt,
    sync::{Arc, mpsc},
    time::Duration,
};

use axum::{Router, extract::DefaultBodyLimit, middleware};
use http::request::Parts;
use tower_http::csrf::{CsrfLayer, ProtectionError};

#[cfg(feature = "control")]
use crate::control::Controls;
#[cfg(feature = "overrides")]
use crate::middleware::Override;
use crate::{
    middleware::{Counts, PauseHandle},
    record::Recorder,
    store::{Attribute, Store},
    unit::Units,
};

#[cfg(feature = "overrides")]
use super::board::Preview;
use super::{
    Access, acts::Acts, board::Board, gate, hosts::Hosts, pages, refresher, threads::Threads,
};

/// The default age at which a report is computed again.
const REFRESH: Duration = Duration::from_secs(60);

/// The maximum size of a form in bytes: a key has at most 1024, and three times as many in
/// percent-encoding.
const FORM: usize = 16 << 10;

/// Pages with results, for an axum router.
///
/// It is a builder: create it with a store and the access check, add what the pages may show, and
/// turn it into a router. Nothing is read before [`into_router`](Self::into_router).
///
/// ```
/// use std::sync::Arc;
///
/// use axum::Router;
/// use tower_tracks::{dashboard::{BasicAuth, Dashboard}, store::Memory};
///
/// let owner = BasicAuth::new("owner", "a long password of random words")?;
/// let dashboard = Dashboard::new(Arc::new(Memory::default()), move |parts| owner.access(parts));
/// let app: Router = Router::new().nest_service("/tracks", dashboard.into_router());
/// # Ok::<(), tower_tracks::dashboard::BasicAuthError>(())
/// ```
///
/// See the [module docs](super).
#[must_use = "a dashboard is shown by its router"]
pub struct Dashboard {
    board: Board,
}

impl Dashboard {
    /// Returns a dashboard for a store.
    ///
    /// `access` decides what a request may do. It runs for every request on the request path, so it
    /// must not block. It sees the extensions that outer layers added, such as the signed-in user. For
    /// a host that is [not allowed](Self::hosts), it is called a second time, without credentials.
    ///
    /// ```
    /// use std::sync::Arc;
    ///
    /// use tower_tracks::{dashboard::{Access, Dashboard}, store::Memory};
    ///
    /// /// The signed-in user, which the application's sign-in adds to the request.
    /// #[derive(Clone)]
    /// struct User {
    ///     is_staff: bool,
    /// }
    ///
    /// let dashboard = Dashboard::new(Arc::new(Memory::default()), |parts| {
    ///     match parts.extensions.get::<User>() {
    ///         Some(user) if user.is_staff => Access::Read,
    ///         _ => Access::None,
    ///     }
    /// });
    /// ```
    pub fn new(
        store: Arc<dyn Store>,
        access: impl Fn(&Parts) -> Access + Send + Sync + 'static,
    ) -> Self {
        let board = Board {
            store,
            source: None,
            access: Box::new(access),
            hosts: Hosts::default(),
            recorder: None,
            units: None,
            acts: Acts::default(),
            #[cfg(feature = "control")]
            controls: None,
            counts: Vec::new(),
            #[cfg(feature = "overrides")]
            preview: None,
            refresh: REFRESH,
            lookups: Threads::default(),
            writers: Threads::default(),
            #[cfg(feature = "control")]
            changers: Threads::default(),
            known: Default::default(),
            open: None,
        };
        Self { board }
    }

    /// Sets the allowed hosts of this server, such as `shop.example`. Ports are ignored, and so are
    /// invalid hosts. `localhost` and loopback addresses are always allowed. A request with another host
    /// in its address, `Host`, `X-Forwarded-Host` or `Forwarded` gets the response 421.
    ///
    /// This prevents DNS rebinding: pages of other sites whose host name resolves to this server. Their
    /// requests have no credential. So by default, other hosts are refused only for requests without a
    /// credential: those that `access` also admits without their query, without extensions other than
    /// `ConnectInfo<SocketAddr>`, and without headers other than those of every browser and proxy. A
    /// service behind [`BasicAuth`](crate::dashboard::BasicAuth) or a sign-in does not need to set
    /// hosts. Set them if access is decided outside of the closure, for instance by an outer layer, or
    /// by the client's address in a header or extension of your own.
    ///
    /// Calling it again adds hosts.
    ///
    /// ```
    /// use std::sync::Arc;
    ///
    /// use tower_tracks::{dashboard::{Access, Dashboard}, store::Memory};
    ///
    /// // An outer layer admits requests of the office alone.
    /// let dashboard = Dashboard::new(Arc::new(Memory::default()), |_| Access::Numbers);
    /// let dashboard = dashboard.hosts(["shop.example", "shop.internal"]);
    /// ```
    pub fn hosts<H: Into<String>>(mut self, hosts: impl IntoIterator<Item = H>) -> Self {
        self.board.hosts.allow(hosts.into_iter().map(Into::into));
        self
    }

    /// Allows all hosts.
    ///
    /// # Warning
    ///
    /// If the server admits requests without a credential, any page that a user in your network visits
    /// can read the results by DNS rebinding. Use it only if an outer layer checks credentials or
    /// hosts.
    ///
    /// ```
    /// use std::sync::Arc;
    ///
    /// use tower_tracks::{dashboard::{Access, Dashboard}, store::Memory};
    ///
    /// // A proxy in front of the server requires a client certificate.
    /// let dashboard = Dashboard::new(Arc::new(Memory::default()), |_| Access::Read).any_host();
    /// ```
    pub fn any_host(mut self) -> Self {
        self.board.hosts = Hosts::Any;
        self
    }

    /// Shows the state of a recorder, and uses its units to look up keys. Defaults to none.
    ///
    /// The dashboard keeps the recorder alive: call its `shutdown` instead of dropping it.
    ///
    /// ```
    /// use std::sync::Arc;
    ///
    /// use tower_tracks::{
    ///     Units,
    ///     dashboard::{Access, Dashboard},
    ///     record::Recorder,
    ///     store::Memory,
    /// };
    ///
    /// let store = Arc::new(Memory::default());
    /// let units = Units::pseudonym("sixteen random bytes, or more")?;
    /// let recorder = Recorder::builder(units).store(Arc::clone(&store)).start()?;
    /// let dashboard = Dashboard::new(store, |_| Access::Read).recorder(&recorder);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn recorder(mut self, recorder: &Recorder) -> Self {
        self.board.recorder = Some(recorder.clone());
        self
    }

    /// Lets users with [`Access::Act`](crate::dashboard::Access::Act) pause and resume the sets of a
    /// layer. Call it for each layer. Defaults to none.
    ///
    /// ```
    /// use std::sync::Arc;
    ///
    /// use tower_tracks::{
    ///     SimpleTrackSet, TracksLayer,
    ///     dashboard::{Access, Dashboard},
    ///     store::Memory,
    /// };
    ///
    /// let delay = SimpleTrackSet::new("delay").track("short", 500).build()?;
    /// let layer = TracksLayer::new(delay);
    /// let dashboard = Dashboard::new(Arc::new(Memory::default()), |_| Access::Act("ann".into()));
    /// let dashboard = dashboard.pauses(layer.pauses());
    /// # Ok::<(), tower_tracks::DefinitionError>(())
    /// ```
    pub fn pauses(mut self, pauses: PauseHandle) -> Self {
        self.board.acts.handles.push(pauses);
        self
    }

    /// Shows the changes of the running tests, and lets users with
    /// [`Access::Act`](crate::dashboard::Access::Act) make changes. Defaults to none.
    ///
    /// Reports apply the changes: units that were first exposed after a close, or in an excluded span, are
    /// left out. After each computation, the thread of the dashboard calls [`Controls::guard`].
    ///
    /// If several dashboards share a store, give the controls to all of them: each report is computed by one
    /// of them, and that one sends the alerts.
    ///
    /// ```
    /// use std::sync::Arc;
    ///
    /// use tower_tracks::{
    ///     control::{Controls, MemoryLog},
    ///     dashboard::{Access, Dashboard},
    ///     store::Memory,
    /// };
    ///
    /// let controls = Controls::builder(MemoryLog::default()).start()?;
    /// let dashboard = Dashboard::new(Arc::new(Memory::default()), |_| Access::Numbers);
    /// let dashboard = dashboard.controls(&controls);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[cfg(feature = "control")]
    pub fn controls(mut self, controls: &Controls) -> Self {
        self.board.controls = Some(controls.clone());
        self
    }

    /// Sets what answers the questions of reports, instead of the store: for instance
    /// `warehouse::Cells`, the answers of an engine that has more facts than the store. See
    /// [`Reporter::attribute_by`](crate::report::Reporter::attribute_by).
    ///
    /// The pages show up to which time these answers have the facts.
    ///
    /// ```
    /// use std::sync::Arc;
    ///
    /// use tower_tracks::{
    ///     dashboard::{Access, Dashboard},
    ///     store::Memory,
    ///     warehouse::Cells,
    /// };
    ///
    /// let dashboard = Dashboard::new(Arc::new(Memory::default()), |_| Access::Read);
    /// let dashboard = dashboard.attribute_by(Cells::at("/var/lib/tracks/cells"));
    /// ```
    pub fn attribute_by(mut self, source: impl Attribute) -> Self {
        self.board.source = Some(Arc::new(source));
        self
    }

    /// Shows the counts of a layer on the first page: its requests, excluded requests, and sets that no
    /// handler reads. Call it for each layer. Defaults to none.
    ///
    /// With these numbers, most mistakes of a first set-up are visible: no request reaches the
    /// layer, all requests count as bots, or no handler reads a track.
    ///
    /// ```
    /// use std::sync::Arc;
    ///
    /// use tower_tracks::{
    ///     SimpleTrackSet, TracksLayer,
    ///     dashboard::{Access, Dashboard},
    ///     store::Memory,
    /// };
    ///
    /// let delay = SimpleTrackSet::new("delay").track("short", 500).build()?;
    /// let layer = TracksLayer::new(delay);
    /// let dashboard = Dashboard::new(Arc::new(Memory::default()), |_| Access::Read);
    /// let dashboard = dashboard.counts(layer.counts());
    /// # Ok::<(), tower_tracks::DefinitionError>(())
    /// ```
    pub fn counts(mut self, counts: Counts) -> Self {
        self.board.counts.push(counts);
        self
    }

    /// Lets users with [`Access::Act`](crate::dashboard::Access::Act) create links that show a track of
    /// a page, such as `https://shop.example/coconuts`, for some hours before visitors see it. The layer
    /// must have the same [`overrides`](crate::TracksLayer::overrides). Defaults to no links.
    #[cfg(feature = "overrides")]
    pub fn links(mut self, overrides: Override, page: impl Into<String>) -> Self {
        self.board.preview = Some(Preview {
            overrides,
            page: page.into(),
        });
        self
    }

    /// Sets the units that are used to look up keys. Defaults to those of the
    /// [recorder](Self::recorder). Without either, only pseudonyms can be looked up.
    ///
    /// Set it if the dashboard runs in a program without a recorder, with the same secret as the
    /// recorder's.
    ///
    /// ```
    /// use std::sync::Arc;
    ///
    /// use tower_tracks::{Units, dashboard::{Access, Dashboard}, store::Memory};
    ///
    /// let units = Units::pseudonym("sixteen random bytes, or more")?;
    /// let dashboard = Dashboard::new(Arc::new(Memory::default()), |_| Access::Read).units(units);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn units(mut self, units: Units) -> Self {
        self.board.units = Some(units);
        self
    }

    /// Sets the age at which the background thread computes the report again. Defaults to a minute. It
    /// is at least ten times the duration of the computation.
    ///
    /// So a report that takes a second to compute is computed at most every ten seconds. If several
    /// servers share a store, one of them computes.
    ///
    /// ```
    /// use std::{sync::Arc, time::Duration};
    ///
    /// use tower_tracks::{dashboard::{Access, Dashboard}, store::Memory};
    ///
    /// let dashboard = Dashboard::new(Arc::new(Memory::default()), |_| Access::Read);
    /// let dashboard = dashboard.refresh(Duration::from_secs(10 * 60));
    /// ```
    pub fn refresh(mut self, interval: Duration) -> Self {
        self.board.refresh = interval;
        self
    }

    /// Returns the router, and starts the thread that reads the store. The thread ends when the router and
    /// all of its clones are dropped.
    ///
    /// Mount it with `nest_service`, which also accepts the path with a final slash.
    ///
    /// ```
    /// use std::sync::Arc;
    ///
    /// use axum::{Router, routing::get};
    /// use tower_tracks::{dashboard::{Access, Dashboard}, store::Memory};
    ///
    /// let dashboard = Dashboard::new(Arc::new(Memory::default()), |_| Access::Read);
    /// let app: Router = Router::new()
    ///     .route("/", get(|| async { "the shop" }))
    ///     .nest_service("/tracks", dashboard.into_router());
    /// ```
    pub fn into_router(self) -> Router {
        let (open, closed) = mpsc::channel();
        let board = Arc::new(Board {
            open: Some(open),
            ..self.board
        });
        // Results must not stop a server from starting: without its thread, the dashboard shows
        // this reason on every page.
        if let Err(error) = refresher::start(&board, closed) {
            board.learn(board.known().with_trouble(&error));
        }
        guarded(board)
    }
}

/// Every path is guarded, including paths without a page.
fn guarded(board: Arc<Board>) -> Router {
    let foreign = |_: ProtectionError| gate::is_foreign();
    pages::routes()
        .layer(DefaultBodyLimit::max(FORM))
        .layer(CsrfLayer::new().with_rejection_response(foreign))
        // The layer that is added last runs first. So a request without access reaches neither the
        // form nor a page, and `protect` adds its headers to every refusal.
        .layer(middleware::from_fn_with_state(board, gate::admit))
        .layer(middleware::map_response(gate::protect))
}

impl From<Dashboard> for Router {
    fn from(dashboard: Dashboard) -> Self {
        dashboard.into_router()
    }
}

impl fmt::Debug for Dashboard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Dashboard")
            .field("store", &self.board.store)
            .field("refresh", &self.board.refresh)
            .finish_non_exhaustive()
    }
}
