//! Conversions in a handler.

use std::{fmt, sync::Arc};

use crate::{
    assign::DEFAULT_UNIT,
    event::{Conversion, Goal, GoalError, Reached, Told},
    unit::Subject,
};

use super::request::Request;

/// Records conversions of the units of a request.
///
/// Conversions go to the layer's [`Observe`](crate::Observe). In axum, `Goals` is an extractor.
///
/// ```
/// use tower_tracks::{Goals, event::GoalError};
///
/// # #[cfg(feature = "axum")]
/// async fn order(goals: Goals) -> &'static str {
///     let order_id = "17"; // … the order is placed …
///     let recorded = goals.reached("purchase").value(19.90).once(order_id);
///     debug_assert_eq!(recorded, Ok(()), "the name and the value are ours");
///     "thank you"
/// }
/// ```
///
/// A conversion is not an exposure. A report attributes it to tracks when it is computed.
///
/// # The unit
///
/// A conversion is attributed to the user if known, otherwise to the visitor: the keys of units other than
/// `visitor`, such as `user`, take precedence. In sets by visitor, a user's conversion counts for one
/// visitor: the one whose link with the user was the latest at that time. A link has the time of the first
/// request with both keys, so a user who returns to an earlier device is not linked again.
///
/// # When nothing is recorded
///
/// * The request is not counted: it is from a bot, speculative, without consent, or a `HEAD` or `OPTIONS`
///   request.
/// * Its key is random.
/// * An override or a pin chose one of its tracks, because a person who tries out a track must not count.
#[derive(Clone)]
pub struct Goals(pub(super) Arc<Request>);

impl Goals {
    /// Returns a conversion of a goal. Record it with [`once`](Reached::once) or
    /// [`every_time`](Reached::every_time).
    ///
    /// The name of a goal is checked when the conversion is recorded. For a constant [`Goal`], the
    /// compiler checks it.
    ///
    /// It does nothing until it is recorded. If no layer around the handler has an observer, a warning
    /// is logged once.
    ///
    /// ```
    /// use axum::{Router, body::Body, routing::post};
    /// use http::Request;
    /// use tower::ServiceExt;
    /// use tower_tracks::{Goal, Goals, SimpleTrackSet, TracksLayer, testing::Exposures};
    ///
    /// const SIGN_UP: Goal = Goal::from_static("sign_up");
    ///
    /// async fn sign_up(goals: Goals) -> &'static str {
    ///     let recorded = goals.reached(SIGN_UP).every_time();
    ///     debug_assert_eq!(recorded, Ok(()));
    ///     "welcome"
    /// }
    ///
    /// # tokio::runtime::Runtime::new()?.block_on(async {
    /// let observed = Exposures::default();
    /// let delay = SimpleTrackSet::new("delay").track("short", 500).build()?;
    /// let layer = TracksLayer::new(delay).observe(observed.clone());
    /// let app = Router::new().route("/sign-up", post(sign_up)).layer(layer);
    /// let request = Request::post("/sign-up").header("user-agent", "Mozilla/5.0");
    /// app.oneshot(request.body(Body::empty())?).await?;
    /// assert_eq!(observed.take_conversions()[0].goal(), &SIGN_UP);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// # })?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn reached(&self, goal: impl TryInto<Goal, Error: Into<GoalError>>) -> Reached<'_> {
        let at = self.0.settings.clock.now();
        let goal = goal.try_into().map_err(Into::into);
        Reached::new(goal, at, |told| self.tell(told))
    }

    /// Returns a receipt, with which another program can record a conversion later, without the keys. An
    /// example is the webhook of a payment service. Store the receipt with the payment.
    ///
    /// It is signed and contains no key. Returns `None` if no conversion would be recorded, or if the
    /// observer does not support receipts.
    ///
    /// ```
    /// use tower_tracks::Goals;
    ///
    /// /// Starts a payment, and sends the receipt to the payment service as a reference.
    /// async fn pay(goals: Goals) -> String {
    ///     let receipt = goals.receipt().unwrap_or_default();
    ///     format!("https://pay.example/?order=17&reference={receipt}")
    /// }
    /// ```
    pub fn receipt(&self) -> Option<String> {
        let subjects = self.subjects();
        let mut layers = self.0.layers().filter(|_| !subjects.is_empty());
        layers.find_map(|layer| {
            let settings = &layer.settings;
            let observer = settings.observer.as_ref()?;
            settings.guarded(|| observer.receipt(&subjects))
        })
    }

    /// Records a conversion of each subject.
    fn tell(&self, told: Told) {
        self.warn_if_unobserved(told.goal.as_str());
        // All observers of one request get the same id, so that they recognise the same conversion.
        let random = || self.0.settings.keys.randomness.bytes();
        for conversion in told.conversions(self.subjects(), random) {
            self.hand_out(&conversion);
        }
    }

    /// Warns, once, if no layer around the handler has an observer.
    fn warn_if_unobserved(&self, goal: &str) {
        let mut layers = self.0.layers();
        if layers.all(|layer| layer.settings.observer.is_none()) {
            self.0.settings.warnings.unobserved_goal(goal);
        }
    }

    /// Reports the conversion to the observers of all layers, the innermost first.
    fn hand_out(&self, conversion: &Conversion) {
        for layer in self.0.layers() {
            if let Some(observer) = &layer.settings.observer {
                layer.settings.guarded(|| observer.conversion(conversion));
            }
        }
    }

    /// Returns the best-known subjects, from the first layer that has any.
    fn subjects(&self) -> Vec<Subject> {
        // A person who tries out a track in one layer must not count in the other layers either.
        if self.0.layers().any(|layer| layer.is_forced()) {
            return Vec::new();
        }
        let mut subjects: Vec<Subject> = Vec::new();
        for subject in self.0.layers().flat_map(|layer| layer.subjects()) {
            if !subjects.iter().any(|known| known.kind() == subject.kind()) {
                subjects.push(subject);
            }
        }
        // The alias links the visitor to the user, so a conversion of both would count twice.
        let is_visitor = |subject: &Subject| subject.kind() == DEFAULT_UNIT;
        if !subjects.iter().all(is_visitor) {
            subjects.retain(|subject| !is_visitor(subject));
        }
        subjects
    }
}

impl fmt::Debug for Goals {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Goals").field(&self.subjects()).finish()
    }
}
