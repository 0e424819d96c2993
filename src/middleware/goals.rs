use std::fmt;

use crate::{
    assign::DEFAULT_UNIT,
    event::{Conversion, Goal, GoalError, Reached, Subject, Told},
};

use super::Assignments;

/// What whoever made a request can reach: a handler says when they did.
///
/// The layer's [`Observe`](crate::Observe) is told. In axum it is an extractor.
///
/// ```
/// use tower_tracks::{GoalError, Goals};
///
/// # #[cfg(feature = "axum")]
/// async fn order(goals: Goals) -> &'static str {
///     let order_id = "17"; // … the order is placed …
///     let told = goals.reached("purchase").value(19.90).once(order_id);
///     debug_assert_eq!(told, Ok(()), "the name and the value are ours");
///     "thank you"
/// }
/// ```
///
/// # Of whom it is
///
/// Of whoever is known best: the keys of units other than `visitor`, such as `user`, where the
/// request has some; else the visitor's. A user's conversion counts in the sets by visitor, too,
/// for the visitor by whom they came last.
///
/// # When nothing is told
///
/// When the request is not counted: a bot's, a speculative one, one without consent, a `HEAD`;
/// when its key is of this request alone; and when an override forces one of its tracks, or a pin
/// fixes one, since whoever tries a track out must not count for their own.
#[derive(Clone)]
pub struct Goals(Assignments);

impl Goals {
    pub(super) fn new(assignments: Assignments) -> Self {
        Self(assignments)
    }

    /// Returns a goal, or the goal of a name, to be told by [`once`](Reached::once) or
    /// [`every_time`](Reached::every_time).
    ///
    /// A name is checked when it is told; a constant [`Goal`] was checked when the program was
    /// compiled.
    pub fn reached(&self, goal: impl TryInto<Goal, Error: Into<GoalError>>) -> Reached<'_> {
        let at = self.0.0.settings.clock.now();
        Reached::new(goal, at, |told| self.tell(&told))
    }

    /// Returns a text by which a conversion of these keys can be told later, by somebody who does
    /// not know them, such as the webhook of a payment service: keep it with the payment.
    ///
    /// It is signed and names no key. `None` when nothing would be told, or the observer
    /// gives none.
    pub fn receipt(&self) -> Option<String> {
        let subjects = self.subjects();
        let mut layers = self.0.layers().filter(|_| !subjects.is_empty());
        layers.find_map(|layer| {
            let settings = &layer.0.settings;
            let observer = settings.observer.as_ref()?;
            settings.guarded(|| observer.receipt(&subjects))
        })
    }

    fn tell(&self, told: &Told) {
        self.warn_if_unobserved(told.goal.as_str());
        // Several observers of one request are told the same, so that it is known for the same.
        let id = told.id.or_else(|| self.0.0.settings.randomness.bytes());
        for subject in self.subjects() {
            let conversion = Conversion::new(subject, told.goal.clone(), told.at);
            let conversion = conversion.worth(told.micros);
            let conversion = match id {
                Some(id) => conversion.identified(id),
                None => conversion,
            };
            self.hand_out(&conversion);
        }
    }

    fn warn_if_unobserved(&self, goal: &str) {
        let mut layers = self.0.layers();
        if layers.all(|layer| layer.0.settings.observer.is_none()) {
            self.0.0.settings.warnings.unobserved_goal(goal);
        }
    }

    fn hand_out(&self, conversion: &Conversion) {
        for layer in self.0.layers() {
            if let Some(observer) = &layer.0.settings.observer {
                layer.0.settings.guarded(|| observer.conversion(conversion));
            }
        }
    }

    /// Returns whoever is known best, by the first of the layers that knows them.
    fn subjects(&self) -> Vec<Subject> {
        if self.0.layers().any(|layer| layer.0.is_forced()) {
            return Vec::new();
        }
        let mut subjects: Vec<Subject> = Vec::new();
        for subject in self.0.layers().flat_map(|layer| layer.0.subjects()) {
            if !subjects.iter().any(|known| known.kind() == subject.kind()) {
                subjects.push(subject);
            }
        }
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
