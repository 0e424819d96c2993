use std::{fmt, sync::Arc};

use crate::assign::{Choice, Reason, Run, RunAsync, RunId};

use super::{entry::Entry, request::Request};

/// The choice of one group for a request.
///
/// As an extractor, it is the choice of the group that the layer was made with.
/// [`Assignments`](crate::Assignments) has the others.
///
/// # When a reading is an exposure
///
/// Reading the track, its value or its `Display` form, and running it, is the exposure, because the
/// handler acts on the track. It counts once per request, however often the track is read. Having the
/// assignment is not an exposure, and neither is [`peek`](Self::peek).
#[derive(Clone)]
pub struct Assignment {
    layer: Arc<Request>,
    index: usize,
}

impl Assignment {
    pub(crate) fn new(layer: Arc<Request>, index: usize) -> Self {
        Self { layer, index }
    }

    /// Returns the choice without an exposure, for logs and tests. Nothing that a visitor can notice may
    /// depend on it.
    pub fn peek(&self) -> Choice<'_> {
        self.request().choice(self.entry())
    }

    /// Returns the name of the group.
    pub fn group(&self) -> &str {
        self.peek().group()
    }

    /// Returns the name of the chosen set; `None` when none was chosen.
    ///
    /// This is not an exposure. But the response may depend on it, so a new visitor gets the cookie. The
    /// same applies to [`reason`](Self::reason) and [`phase`](Self::phase).
    pub fn set(&self) -> Option<&str> {
        self.look().set()
    }

    /// Returns the reason of the choice. This is not an exposure.
    pub fn reason(&self) -> Reason {
        self.look().reason()
    }

    /// Returns the phase of the chosen set. This is not an exposure.
    pub fn phase(&self) -> Option<u32> {
        self.look().phase()
    }

    /// Returns the run of this assignment, if the layer has
    /// [`run_ids`](crate::TracksLayer::run_ids). This is not an exposure.
    pub fn run_id(&self) -> Option<RunId> {
        self.entry().run_id
    }

    /// Reads the name of the track; `None` when the request is in none.
    pub fn track(&self) -> Option<&str> {
        self.read().track()
    }

    /// Reads whether the request is in the track that changes nothing.
    pub fn is_control(&self) -> bool {
        self.read().is_control()
    }

    /// Reads the value that the track carries, if it carries a `T`.
    ///
    /// It is an exposure if the chosen set carries a `T`, even for control, which may carry nothing:
    /// otherwise control would be missing in the data.
    pub fn value<T: 'static>(&self) -> Option<&T> {
        self.read_if_carried::<T>().value()
    }

    /// Runs the chosen track. It does nothing for the built-in control, or if no track that takes an `X`
    /// was chosen.
    ///
    /// It is an exposure if the tracks of the chosen set take an `X`.
    pub fn run<X: 'static>(&self, argument: &mut X) {
        self.read_if_carried::<Run<X>>().run(argument);
    }

    /// Runs the chosen track asynchronously. It does nothing for the built-in control, or if no async
    /// track that takes an `X` was chosen.
    ///
    /// It is an exposure if the async tracks of the chosen set take an `X`, from the first poll of the
    /// future.
    pub async fn run_async<X: 'static>(&self, argument: &mut X) {
        self.read_if_carried::<RunAsync<X>>()
            .run_async(argument)
            .await;
    }

    /// Notes that the handler acts on the choice, even if there is none. A new visitor then gets the
    /// cookie, and so the same choice next time.
    pub(crate) fn look(&self) -> Choice<'_> {
        self.request().look(self.entry());
        self.peek()
    }

    pub(crate) fn read(&self) -> Choice<'_> {
        self.request().read(self.entry());
        self.peek()
    }

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

    /// Whether another choice of this group might have carried a `T`.
    fn could_carry<T: 'static>(&self) -> bool {
        let sets = self.request().settings.groups[self.entry().group].sets();
        sets.iter().any(|set| set.carries::<T>())
    }

    fn warn_if_uncarried<T: 'static>(&self) {
        let sets = || {
            let layers = self.layer.layers();
            layers.flat_map(|layer| layer.settings.sets())
        };
        if !sets().any(|set| set.carries::<T>()) {
            let carried = sets().flat_map(|set| set.carried_types());
            self.request().settings.warnings.uncarried::<T>(carried);
        }
    }

    fn request(&self) -> &Request {
        &self.layer
    }

    fn entry(&self) -> &Entry {
        &self.request().entries[self.index]
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
