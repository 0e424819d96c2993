//! An observer for tests.

use std::sync::{Arc, Mutex, PoisonError};

use crate::event::{Conversion, Exposure, Observe};

/// An observer that keeps exposures and conversions, in order.
///
/// Clones share what they keep: give one to the layer, and query the other in the test.
///
/// ```
/// use tower_tracks::{SimpleTrackSet, TracksLayer, testing::Exposures};
///
/// let exposures = Exposures::default();
/// let delay = SimpleTrackSet::new("delay").track("short", 500).build()?;
/// let layer = TracksLayer::new(delay).observe(exposures.clone());
/// // … send requests, and then:
/// assert!(exposures.is_empty());
/// # Ok::<(), tower_tracks::DefinitionError>(())
/// ```
#[derive(Debug, Clone, Default)]
pub struct Exposures(Arc<Mutex<Kept>>);

/// The events since the last take, in the order in which they were reported.
#[derive(Debug, Default)]
struct Kept {
    exposures: Vec<Exposure>,
    conversions: Vec<Conversion>,
}

impl Exposures {
    /// Returns the exposures since the last call, and removes them.
    ///
    /// ```
    /// use axum::{Router, body::Body, routing::get};
    /// use http::Request;
    /// use tower::ServiceExt;
    /// use tower_tracks::{Assignment, SimpleTrackSet, TracksLayer, testing::Exposures};
    ///
    /// # tokio::runtime::Runtime::new()?.block_on(async {
    /// let exposures = Exposures::default();
    /// let delay = SimpleTrackSet::new("delay").track("short", 500).build()?;
    /// let layer = TracksLayer::new(delay).pin("delay", "short")?.observe(exposures.clone());
    /// let app = Router::new()
    ///     .route("/", get(async |delay: Assignment| delay.to_string()))
    ///     .layer(layer);
    /// app.oneshot(Request::get("/").body(Body::empty())?).await?;
    ///
    /// let taken = exposures.take();
    /// assert_eq!(taken[0].to_string(), "delay/short");
    /// assert!(exposures.is_empty());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// # })?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn take(&self) -> Vec<Exposure> {
        self.with(|kept| std::mem::take(&mut kept.exposures))
    }

    /// Returns all exposures so far, and keeps them.
    ///
    /// ```
    /// use tower_tracks::testing::Exposures;
    ///
    /// fn check(exposures: &Exposures) {
    ///     assert!(exposures.iter().all(|exposure| exposure.set() == "delay"));
    /// }
    ///
    /// check(&Exposures::default());
    /// ```
    pub fn iter(&self) -> impl Iterator<Item = Exposure> + use<> {
        self.with(|kept| kept.exposures.clone()).into_iter()
    }

    /// Returns the number of exposures since the last [`take`](Self::take).
    ///
    /// ```
    /// use tower_tracks::testing::Exposures;
    ///
    /// assert_eq!(Exposures::default().len(), 0);
    /// ```
    pub fn len(&self) -> usize {
        self.with(|kept| kept.exposures.len())
    }

    /// Returns whether there is no exposure since the last [`take`](Self::take).
    ///
    /// ```
    /// use tower_tracks::testing::Exposures;
    ///
    /// assert!(Exposures::default().is_empty());
    /// ```
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Returns the conversions since the last call, and removes them.
    ///
    /// ```
    /// # #[cfg(feature = "axum")]
    /// # {
    /// use axum::{Router, body::Body, routing::post};
    /// use http::Request;
    /// use tower::ServiceExt;
    /// use tower_tracks::{
    ///     Goals, SimpleTrackSet, TracksLayer, event::GoalError, testing::Exposures,
    /// };
    ///
    /// async fn order(goals: Goals) -> Result<(), String> {
    ///     let told = goals.reached("purchase").value(19.90).once("order 17");
    ///     told.map_err(|error: GoalError| error.to_string())
    /// }
    ///
    /// let exposures = Exposures::default();
    /// let delay = SimpleTrackSet::new("delay").track("short", 500).build()?;
    /// let layer = TracksLayer::new(delay).observe(exposures.clone());
    /// let shop = Router::new().route("/order", post(order)).layer(layer);
    /// let request = Request::post("/order").header("user-agent", "Mozilla/5.0");
    /// # tokio::runtime::Runtime::new()?.block_on(async {
    /// shop.oneshot(request.body(Body::empty())?).await?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// # })?;
    /// let conversions = exposures.take_conversions();
    /// assert_eq!(conversions[0].goal().as_str(), "purchase");
    /// assert_eq!(conversions[0].micros(), 19_900_000);
    /// # }
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn take_conversions(&self) -> Vec<Conversion> {
        self.with(|kept| std::mem::take(&mut kept.conversions))
    }

    fn with<T>(&self, act: impl FnOnce(&mut Kept) -> T) -> T {
        // The events are whole between two calls, so a test sees them even after a panic of its
        // handler.
        act(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Observe for Exposures {
    fn observe(&self, exposure: &Exposure) {
        self.with(|kept| kept.exposures.push(exposure.clone()));
    }

    fn conversion(&self, conversion: &Conversion) {
        self.with(|kept| kept.conversions.push(conversion.clone()));
    }
}
