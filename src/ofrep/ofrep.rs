use std::{fmt, sync::Arc, time::Duration};

use axum::{
    Router,
    extract::{Path, Request, rejection::PathRejection},
    routing::post,
};
use http::request::Parts;
use serde::Serialize;

use super::{
    caller::Caller,
    context::EvaluationContext,
    error::OfrepError,
    exposures::{Exposures, MOST},
    flags::Flags,
    rate::Rate,
    receipts::Receipts,
    service::{Contextual, Service},
};
use crate::{
    assign::DEFAULT_UNIT,
    middleware::{Evaluator, TracksLayer},
    warn::warn,
};

/// How long receipts last at least.
const LASTING: Duration = Duration::from_secs(24 * 60 * 60);

/// How many receipts a second are received.
const RATE: u32 = 10_000;

/// The tracks of a layer by OFREP, as an axum router.
///
/// The [module](self::super) describes paths, answers and errors. Make it of the finished layer: settings that are
/// changed on the layer later have no effect on it. Pauses and controls are shared.
///
/// ```
/// use axum::{Router, body::Body};
/// use http::Request;
/// use tower::ServiceExt;
/// use tower_tracks::{SimpleTrackSet, TracksLayer, ofrep::{Caller, Ofrep}};
///
/// # tokio::runtime::Runtime::new()?.block_on(async {
/// let pricing = SimpleTrackSet::new("pricing").track("cheap", 49).build()?;
/// let layer = TracksLayer::new(pricing);
/// let app: Router = Ofrep::new(&layer).caller(|_| Caller::Service).into_router();
///
/// let request = Request::post("/ofrep/v1/evaluate/flags/pricing")
///     .body(Body::from(r#"{"context": {"targetingKey": "alice"}}"#))?;
/// let response = app.oneshot(request).await?;
/// assert_eq!(response.headers()["tracks-exposure"], "pricing=control");
/// let body = axum::body::to_bytes(response.into_body(), usize::MAX).await?;
/// let expected = r#"{"key":"pricing","value":"control","reason":"SPLIT","variant":"control","metadata":{"phase":1,"reason":"bucketed"}}"#;
/// assert_eq!(body, expected);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// # })?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
#[must_use = "flags are served by its router"]
pub struct Ofrep {
    evaluator: Evaluator,
    flags: Flags,
    caller: Arc<dyn Fn(&Parts) -> Caller + Send + Sync>,
    contexts: Vec<Contextual>,
    targeting: String,
    lasting: Duration,
    rate: u32,
}

impl Ofrep {
    /// Returns the flags of a layer, for browsers alone.
    pub fn new(layer: &TracksLayer) -> Self {
        let evaluator = Evaluator::new(layer);
        Self {
            flags: Flags::new(&evaluator),
            evaluator,
            caller: Arc::new(|_| Caller::Browser),
            contexts: Vec::new(),
            targeting: DEFAULT_UNIT.to_owned(),
            lasting: LASTING,
            rate: RATE,
        }
    }

    /// Sets the closure that says who asks. It must not panic.
    ///
    /// Defaults to [`Caller::Browser`] for all.
    ///
    /// ```
    /// use tower_tracks::{SimpleTrackSet, TracksLayer, ofrep::{Caller, Ofrep}};
    ///
    /// /// A program that a layer around the router has verified.
    /// #[derive(Clone)]
    /// struct Program;
    ///
    /// let pricing = SimpleTrackSet::new("pricing").track("cheap", 49).build()?;
    /// let ofrep = Ofrep::new(&TracksLayer::new(pricing)).caller(|parts| {
    ///     match parts.extensions.get::<Program>() {
    ///         Some(Program) => Caller::Service,
    ///         None => Caller::Browser,
    ///     }
    /// });
    /// # Ok::<(), tower_tracks::DefinitionError>(())
    /// ```
    ///
    /// # Warning
    ///
    /// A service may choose any key, and its readings are counted. So check something that a browser cannot send, such as
    /// a password or the certificate of a client.
    pub fn caller(mut self, caller: impl Fn(&Parts) -> Caller + Send + Sync + 'static) -> Self {
        self.caller = Arc::new(caller);
        self
    }

    /// Adds a closure that turns the context of a service into a type of the application. It must not panic.
    ///
    /// The value is put into the extensions of the request, where [`FromParts`](crate::FromParts) and the closures of the
    /// layer find it: those that decide who is eligible, who is excluded, and who has consented. It is not called for
    /// browsers, whose context the request itself has. Several closures add up, in order.
    ///
    /// ```
    /// use http::request::Parts;
    /// use tower_tracks::{FromParts, SimpleTrackSet, TracksLayer, ofrep::Ofrep};
    ///
    /// #[derive(Clone, Default)]
    /// struct Customer {
    ///     is_vip: bool,
    /// }
    ///
    /// impl FromParts for Customer {
    ///     fn from_parts(parts: &Parts) -> Self {
    ///         parts.extensions.get().cloned().unwrap_or_default()
    ///     }
    /// }
    ///
    /// let pricing = SimpleTrackSet::new("pricing")
    ///     .track("cheap", 49)
    ///     .eligible(|customer: &Customer| !customer.is_vip)
    ///     .build()?;
    /// let ofrep = Ofrep::new(&TracksLayer::new(pricing)).context(|context| Customer {
    ///     is_vip: context.boolean("vip").unwrap_or_default(),
    /// });
    /// # Ok::<(), tower_tracks::DefinitionError>(())
    /// ```
    pub fn context<T: Clone + Send + Sync + 'static>(
        mut self,
        context: impl Fn(&EvaluationContext) -> T + Send + Sync + 'static,
    ) -> Self {
        self.contexts.push(Arc::new(move |said, parts: &mut Parts| {
            parts.extensions.insert(context(said));
        }));
        self
    }

    /// Sends what tracks carry of the type `T` as the value of their flag, as JSON. Call it once for each type.
    ///
    /// Defaults to no type: the value of a flag is the name of the track. In a set that carries a `T`, a track without
    /// one has no value, so that the client uses its default. Let the tracks of one set have values of one kind.
    ///
    /// ```
    /// use tower_tracks::{SimpleTrackSet, TracksLayer, ofrep::Ofrep};
    ///
    /// let pricing = SimpleTrackSet::new("pricing").track("cheap", 49).build()?;
    /// let ofrep = Ofrep::new(&TracksLayer::new(pricing)).value::<i32>()?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// If no set carries a `T`; if a value is null or a list as JSON, or cannot be written as JSON.
    pub fn value<T: Serialize + 'static>(mut self) -> Result<Self, OfrepError> {
        self.flags.send::<T>()?;
        Ok(self)
    }

    /// Sets which sets browsers may ask for, by their names.
    ///
    /// Defaults to all sets of the layer but holdouts. A browser sees the name, the phase and its track of each, also of
    /// sets that only the server reads, and of those whose names the layer [masks](crate::middleware::Mask). Services
    /// may ask for all. A warning is logged if the layer has no set of a name.
    ///
    /// ```
    /// use tower_tracks::{SimpleTrackSet, TracksLayer, ofrep::Ofrep};
    ///
    /// let banner = SimpleTrackSet::new("banner").track("blue", 1).build()?;
    /// let ranking = SimpleTrackSet::new("ranking").track("new", 1).build()?;
    /// let layer = TracksLayer::new(banner).and(ranking)?;
    /// let ofrep = Ofrep::new(&layer).browsers_see(["banner"]);
    /// # Ok::<(), tower_tracks::DefinitionError>(())
    /// ```
    pub fn browsers_see<N: Into<String>>(mut self, sets: impl IntoIterator<Item = N>) -> Self {
        let names: Vec<String> = sets.into_iter().map(Into::into).collect();
        if let Some(unknown) = self.flags.publish(&names) {
            warn(format_args!(
                "OFREP: browsers may see the set {unknown:?}, but the layer has no set of this name"
            ));
        }
        self
    }

    /// Sets the kind of the key that services name as `targetingKey`, such as `user`.
    ///
    /// Defaults to `visitor`. Keys of other kinds are attributes of the context with the name of their kind: a text or
    /// a whole number. The layer needs no [source](TracksLayer::key_of) for keys that services name.
    ///
    /// ```
    /// use tower_tracks::{SimpleTrackSet, TracksLayer, ofrep::Ofrep};
    ///
    /// let discount = SimpleTrackSet::new("discount").track("five", 5).unit_kind("user").build()?;
    /// let ofrep = Ofrep::new(&TracksLayer::new(discount)).targeting_key("user");
    /// # Ok::<(), tower_tracks::DefinitionError>(())
    /// ```
    pub fn targeting_key(mut self, kind: impl Into<String>) -> Self {
        self.targeting = kind.into();
        self
    }

    /// Sets how long receipts last at least, in whole seconds; at most they last twice as long.
    ///
    /// Defaults to a day. It is the longest time for which a page may stay open and be counted without asking again.
    /// After it, the `ETag` of the answer is another one.
    ///
    /// ```
    /// use std::time::Duration;
    /// use tower_tracks::{SimpleTrackSet, TracksLayer, ofrep::Ofrep};
    ///
    /// let pricing = SimpleTrackSet::new("pricing").track("cheap", 49).build()?;
    /// let ofrep = Ofrep::new(&TracksLayer::new(pricing)).receipts_last(Duration::from_secs(3600));
    /// # Ok::<(), tower_tracks::DefinitionError>(())
    /// ```
    pub fn receipts_last(mut self, lasting: Duration) -> Self {
        self.lasting = lasting;
        self
    }

    /// Sets how many receipts a second this process receives. Further ones get the status 429, and a client may send
    /// them again.
    ///
    /// Defaults to 10,000, and is at least 256. Only valid receipts count.
    ///
    /// ```
    /// use tower_tracks::{SimpleTrackSet, TracksLayer, ofrep::Ofrep};
    ///
    /// let pricing = SimpleTrackSet::new("pricing").track("cheap", 49).build()?;
    /// let ofrep = Ofrep::new(&TracksLayer::new(pricing)).receipts_per_second(500);
    /// # Ok::<(), tower_tracks::DefinitionError>(())
    /// ```
    pub fn receipts_per_second(mut self, rate: u32) -> Self {
        self.rate = rate;
        self
    }

    /// Returns the router of the three paths. It has no state, and fits into a router with any.
    ///
    /// It may be inside the layer or beside it. A warning is logged if nobody can issue receipts, because then
    /// no reading of a browser is counted.
    pub fn into_router<S: Clone + Send + Sync + 'static>(self) -> Router<S> {
        let units = self.evaluator.units();
        let receipts = units.and_then(|units| Receipts::new(units, self.lasting));
        if receipts.is_none() {
            warn(format_args!(
                "OFREP: no observer has units with a secret, so answers have no receipts, and tracks that browsers read \
                 are not counted; add a recorder with `Units::pseudonym` to the layer"
            ));
        }
        let service = Arc::new(Service {
            evaluator: self.evaluator,
            flags: self.flags,
            caller: self.caller,
            contexts: self.contexts,
            targeting: self.targeting,
            exposures: Exposures {
                receipts,
                // Below the most of a request, such a request could never be received.
                rate: Rate::new(self.rate.max(MOST as u32)),
            },
        });
        let (one, all, exposures) = (Arc::clone(&service), Arc::clone(&service), service);
        let one = post(
            async move |key: Result<Path<String>, PathRejection>, request: Request| {
                let (parts, body) = request.into_parts();
                let key = key.as_ref().ok().map(|Path(key)| key.as_str());
                one.one(key, parts, body).await
            },
        );
        let all = post(async move |request: Request| {
            let (parts, body) = request.into_parts();
            all.all(parts, body).await
        });
        let exposures = post(async move |request: Request| {
            let (parts, body) = request.into_parts();
            exposures.receive(parts, body).await
        });
        Router::new()
            .route("/ofrep/v1/evaluate/flags/{key}", one)
            .route("/ofrep/v1/evaluate/flags", all)
            .route("/tracks/v1/exposures", exposures)
    }
}

impl fmt::Debug for Ofrep {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let flags = self.flags.flags.iter();
        let names: Vec<_> = flags.map(|flag| flag.set.name()).collect();
        f.debug_struct("Ofrep")
            .field("flags", &names)
            .field("targeting_key", &self.targeting)
            .finish_non_exhaustive()
    }
}
