//! The choice of one group, as a handler sees it: every method states whether it is an exposure.

use std::{fmt, sync::Arc};

use crate::assign::{Choice, Reason, Run, RunAsync, RunId};

use super::{assign::Entry, request::Request};

/// The choice of one group for a request.
///
/// As an extractor, it is the choice of the group that was passed to
/// [`TracksLayer::new`](crate::TracksLayer::new). [`Assignments`](crate::Assignments) has the others.
///
/// ```
/// use axum::{Router, body::Body, routing::get};
/// use http::Request;
/// use tower::ServiceExt;
/// use tower_tracks::{Assignment, SimpleTrackSet, TracksLayer};
///
/// async fn page(pricing: Assignment) -> String {
///     let price = 50 + pricing.value::<i64>().unwrap_or(&0);
///     format!("A coconut is {price}.")
/// }
///
/// # tokio::runtime::Runtime::new()?.block_on(async {
/// let pricing = SimpleTrackSet::new("pricing").track("cheap", -1_i64).build()?;
/// let layer = TracksLayer::new(pricing).pin("pricing", "cheap")?;
/// let app = Router::new().route("/", get(page)).layer(layer);
/// let response = app.oneshot(Request::get("/").body(Body::empty())?).await?;
/// let body = axum::body::to_bytes(response.into_body(), usize::MAX).await?;
/// assert_eq!(body, "A coconut is 49.");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// # })?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// It owns its data, so it can be moved into a stream or a task. A track that is read there after the head of
/// the response is reported as [late](crate::Exposure::is_late).
///
/// # When a reading is an exposure
///
/// Reading the track, its value or its `Display` form is an exposure, and so is running the track, because
/// the handler then acts on it. It counts once per request, however often the track is read. Holding the
/// assignment is not an exposure, and neither is [`peek`](Self::peek).
#[derive(Clone)]
pub struct Assignment {
    request: Arc<Request>,
    /// The index of the entry of the group in the request under its layer.
    index: usize,
}

impl Assignment {
    /// Returns the assignment of one group of a layer. The index is below the number of the layer's
    /// groups.
    pub(crate) fn new(request: Arc<Request>, index: usize) -> Self {
        Self { request, index }
    }

    /// Returns the choice without an exposure, for logs and tests. Nothing that a visitor can notice
    /// may depend on it.
    ///
    /// It has everything that [`Choice`] has, such as the coin and the digest.
    ///
    /// ```
    /// use tower_tracks::Assignment;
    ///
    /// async fn page(pricing: Assignment) -> &'static str {
    ///     eprintln!("a request of {:?}", pricing.peek());
    ///     "hello"
    /// }
    /// ```
    pub fn peek(&self) -> Choice<'_> {
        self.request.choice(self.entry())
    }

    /// Returns the name of the group.
    ///
    /// A group of one set has the name of the set. This is not an exposure.
    ///
    /// ```
    /// use tower_tracks::Assignments;
    ///
    /// async fn page(tracks: Assignments) -> String {
    ///     let groups: Vec<String> = tracks.iter().map(|one| one.group().to_owned()).collect();
    ///     groups.join(", ")
    /// }
    /// ```
    pub fn group(&self) -> &str {
        self.peek().group()
    }

    /// Returns the name of the chosen set; `None` when none was chosen.
    ///
    /// This is not an exposure. But the response may depend on it, so a new visitor gets the cookie.
    /// The same applies to [`reason`](Self::reason) and [`phase`](Self::phase).
    ///
    /// A set is also chosen if the key is outside its share, or the set is paused. Then there is no
    /// track.
    ///
    /// ```
    /// use tower_tracks::Assignment;
    ///
    /// async fn page(shop: Assignment) -> &'static str {
    ///     match shop.set() {
    ///         Some("banner") => "a page with a banner",
    ///         _ => "a page",
    ///     }
    /// }
    /// ```
    pub fn set(&self) -> Option<&str> {
        self.look().set()
    }

    /// Returns the reason of the choice. This is not an exposure.
    ///
    /// ```
    /// use tower_tracks::{Assignment, Reason};
    ///
    /// async fn page(pricing: Assignment) -> &'static str {
    ///     match pricing.reason() {
    ///         Reason::Forced => "This is a preview.",
    ///         _ => "hello",
    ///     }
    /// }
    /// ```
    pub fn reason(&self) -> Reason {
        self.look().reason()
    }

    /// Returns the phase of the chosen set. This is not an exposure.
    ///
    /// The first phase is 1. It is `None` when no set was chosen.
    ///
    /// ```
    /// use tower_tracks::Assignment;
    ///
    /// async fn page(pricing: Assignment) -> String {
    ///     format!("phase {}", pricing.phase().unwrap_or_default())
    /// }
    /// ```
    pub fn phase(&self) -> Option<u32> {
        self.look().phase()
    }

    /// Returns the run of this assignment, if the layer has
    /// [`run_ids`](crate::TracksLayer::run_ids). This is not an exposure.
    ///
    /// ```
    /// use tower_tracks::Assignment;
    ///
    /// async fn page(pricing: Assignment) -> &'static str {
    ///     if let Some(run) = pricing.run_id() {
    ///         eprintln!("run {run}");
    ///     }
    ///     "hello"
    /// }
    /// ```
    pub fn run_id(&self) -> Option<RunId> {
        self.entry().run_id
    }

    /// Reads the name of the track; `None` when the request is in none.
    ///
    /// It is an exposure if the request is in a track, including control. Names of tracks can be
    /// misspelled; with the extractor `Assigned`, the compiler checks them.
    ///
    /// ```
    /// use tower_tracks::Assignment;
    ///
    /// async fn page(pricing: Assignment) -> &'static str {
    ///     match pricing.track() {
    ///         Some("cheap") => "A coconut is 49.",
    ///         _ => "A coconut is 50.",
    ///     }
    /// }
    /// ```
    pub fn track(&self) -> Option<&str> {
        self.read().track()
    }

    /// Reads whether the request is in the track that changes nothing.
    ///
    /// It is an exposure if the request is in a track. A request that is in no track is not in control:
    /// then it returns false, and the handler must still behave like control.
    ///
    /// ```
    /// use tower_tracks::Assignment;
    ///
    /// async fn page(pricing: Assignment) -> &'static str {
    ///     let is_changed = pricing.track().is_some() && !pricing.is_control();
    ///     if is_changed { "another page" } else { "the page as it was" }
    /// }
    /// ```
    pub fn is_control(&self) -> bool {
        self.read().is_control()
    }

    /// Reads the value that the track carries, if it carries a `T`.
    ///
    /// It is an exposure if the chosen set carries a `T`, even for control, which may carry nothing:
    /// otherwise control would be missing in the data.
    ///
    /// It is `None` for the built-in control and for requests in no track, so the handler needs a
    /// default. If no set of any layer carries a `T`, a warning is logged once for the type: the type
    /// of an integer literal is often the reason.
    ///
    /// ```
    /// use std::time::Duration;
    /// use tower_tracks::Assignment;
    ///
    /// async fn page(delay: Assignment) -> &'static str {
    ///     if let Some(delay) = delay.value::<Duration>() {
    ///         tokio::time::sleep(*delay).await;
    ///     }
    ///     "hello"
    /// }
    /// ```
    pub fn value<T: 'static>(&self) -> Option<&T> {
        self.read_if_carried::<T>().value()
    }

    /// Runs the chosen track. It does nothing for the built-in control, or if no track that takes an
    /// `X` was chosen.
    ///
    /// It is an exposure if the tracks of the chosen set take an `X`.
    ///
    /// ```
    /// use axum::{Router, body::Body, routing::get};
    /// use http::Request;
    /// use tower::ServiceExt;
    /// use tower_tracks::{Assignment, SimpleTrackSet, TracksLayer};
    ///
    /// async fn page(pricing: Assignment) -> String {
    ///     let mut price = 50_i64;
    ///     pricing.run(&mut price);
    ///     price.to_string()
    /// }
    ///
    /// # tokio::runtime::Runtime::new()?.block_on(async {
    /// let pricing = SimpleTrackSet::new("pricing").run("cheap", |price: &mut i64| *price -= 1);
    /// let layer = TracksLayer::new(pricing.build()?).pin("pricing", "cheap")?;
    /// let app = Router::new().route("/", get(page)).layer(layer);
    /// let response = app.oneshot(Request::get("/").body(Body::empty())?).await?;
    /// let body = axum::body::to_bytes(response.into_body(), usize::MAX).await?;
    /// assert_eq!(body, "49");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// # })?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn run<X: 'static>(&self, argument: &mut X) {
        self.read_if_carried::<Run<X>>().run(argument);
    }

    /// Runs the chosen track asynchronously. It does nothing for the built-in control, or if no async
    /// track that takes an `X` was chosen.
    ///
    /// It is an exposure if the async tracks of the chosen set take an `X`, from the first poll of the
    /// future.
    ///
    /// ```
    /// use tower_tracks::{Assignment, SimpleTrackSet, TracksLayer};
    ///
    /// struct Page(String);
    ///
    /// async fn with_advice(page: &mut Page) {
    ///     page.0.push_str("A coconut keeps for months.");
    /// }
    ///
    /// async fn coconut(advice: Assignment) -> String {
    ///     let mut page = Page("A coconut is 50. ".into());
    ///     advice.run_async(&mut page).await;
    ///     page.0
    /// }
    ///
    /// let advice = SimpleTrackSet::new("advice").run_async("short", with_advice).build()?;
    /// let layer = TracksLayer::new(advice);
    /// # Ok::<(), tower_tracks::DefinitionError>(())
    /// ```
    pub async fn run_async<X: 'static>(&self, argument: &mut X) {
        self.read_if_carried::<RunAsync<X>>()
            .run_async(argument)
            .await;
    }

    /// Notes that the handler acts on the choice, even if there is none. A new visitor then gets the
    /// cookie, and so the same choice next time.
    pub(crate) fn look(&self) -> Choice<'_> {
        self.entry().reading.look();
        self.peek()
    }

    /// Notes the exposure, and returns the choice.
    pub(crate) fn read(&self) -> Choice<'_> {
        self.request.read(self.entry());
        self.peek()
    }

    /// Returns the choice, and notes the exposure if the chosen set carries a `T`.
    ///
    /// If another set of the group carries one, the handler acts on the choice all the same: the page
    /// of a visitor in the other set differs. So the cookie is issued, without an exposure.
    fn read_if_carried<T: 'static>(&self) -> Choice<'_> {
        let choice = self.peek();
        match choice.definition() {
            Some(set) if set.carries::<T>() => self.read(),
            _ if self.could_carry::<T>() => self.look(),
            _ => {
                self.warn_if_uncarried::<T>();
                choice
            }
        }
    }

    /// Returns whether another choice of this group might have carried a `T`.
    fn could_carry<T: 'static>(&self) -> bool {
        let sets = self.request.settings.groups[self.entry().group].sets();
        sets.iter().any(|set| set.carries::<T>())
    }

    /// Warns, once for each type, that no set of any layer around the handler carries a `T`.
    fn warn_if_uncarried<T: 'static>(&self) {
        let layers = || self.request.layers();
        let sets = || layers().flat_map(|layer| layer.settings.sets());
        if !sets().any(|set| set.carries::<T>()) {
            let carried = sets().flat_map(|set| set.carried_types());
            self.request.settings.warnings.uncarried::<T>(carried);
        }
    }

    fn entry(&self) -> &Entry {
        &self.request.entries[self.index]
    }
}

/// Reads the track; see [`Choice`] for the form.
impl fmt::Display for Assignment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.read().fmt(f)
    }
}

/// Reads nothing.
impl fmt::Debug for Assignment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Assignment").field(&self.peek()).finish()
    }
}
