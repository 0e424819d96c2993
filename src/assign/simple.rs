use std::{fmt, marker::PhantomData, sync::Arc};

use super::{
    AsyncTrack, ContextState, Definition, DefinitionError, For, Join, MultiTrackSet, NoContext,
    Plan, Run, RunAsync, TrackValue,
    context::{JoinedContext, erased},
    definition::{
        Control, Draft, Order, Pinned, control_methods, definition_methods, sealed::IntoDraft,
    },
    run::BoxFuture,
    segment::{Segments, erased_segment},
    set::Carries,
};

/// The definition of a set of named tracks.
///
/// Each track carries a value of type `T`, which is read by its type, or is a function that is run with an
/// argument. The first track is the built-in `control`, which carries nothing.
///
/// ```
/// use tower_tracks::SimpleTrackSet;
///
/// #[derive(Debug)]
/// struct Delay(u64);
///
/// let delay = SimpleTrackSet::new("delay")
///     .track("short", Delay(500))
///     .track("long", Delay(2000))
///     .build()?;
/// let choice = delay.assign("alice", &());
/// assert_eq!(choice.value::<Delay>().map(|delay| delay.0), Some(500));
/// # Ok::<(), tower_tracks::DefinitionError>(())
/// ```
#[must_use = "a definition is finished by `.build()?` or added to a group"]
pub struct SimpleTrackSet<T, S = NoContext> {
    pub(super) draft: Draft,
    pub(super) state: PhantomData<fn() -> (T, S)>,
}

impl<T, S> SimpleTrackSet<T, S> {
    /// Marks the set as a holdout.
    #[cfg(feature = "tower")]
    pub(crate) fn holdout(mut self) -> Self {
        self.draft.set.is_holdout = true;
        self
    }
}

impl<T: 'static> SimpleTrackSet<T, NoContext> {
    /// Returns a set with this name: 1 to 64 of `a-z`, `0-9`, `_`, `-`, `.` and `*`, the first of them a
    /// letter or `*`.
    ///
    /// It has only the track `control` until [`track`](Self::track), [`run`](Self::run) or
    /// [`run_async`](Self::run_async) adds others. [`build`](Self::build) checks the name.
    ///
    /// ```
    /// use tower_tracks::{DefinitionError, SimpleTrackSet};
    ///
    /// let refused = SimpleTrackSet::new("Delay").track("short", 500).build();
    /// assert!(matches!(refused, Err(DefinitionError::SetName { .. })));
    /// ```
    pub fn new(name: impl Into<String>) -> Self {
        Self {
            draft: Draft::new(name.into(), Some(Carries::of::<T>()), Order::MethodName),
            state: PhantomData,
        }
    }
}

impl<T: TrackValue, S> SimpleTrackSet<T, S> {
    /// Adds a track that carries a value.
    ///
    /// A track's name is 1 to 64 of `A-Z`, `a-z`, `0-9`, `_`, `-`, `.` and `*`, and unique in the set. Two
    /// tracks may carry equal values. [`Choice::value`](crate::Choice::value) returns a reference to the
    /// value, by its type. For a function, use [`run`](Self::run).
    ///
    /// ```
    /// use tower_tracks::SimpleTrackSet;
    ///
    /// let theme = SimpleTrackSet::new("theme")
    ///     .track("green", "#0a0")
    ///     .track("blue", "#00a")
    ///     .build()?;
    /// let colour = theme.assign("alice", &()).value::<&str>().copied().unwrap_or("#000");
    /// assert!(["#0a0", "#00a", "#000"].contains(&colour));
    /// # Ok::<(), tower_tracks::DefinitionError>(())
    /// ```
    pub fn track(mut self, name: impl Into<String>, value: T) -> Self {
        self.draft.push(name.into(), Arc::new(value));
        self
    }
}

impl<X: 'static, S> SimpleTrackSet<Run<X>, S> {
    /// Adds a track that is a function of one argument.
    ///
    /// [`Choice::run`](crate::Choice::run) runs the chosen one, and does nothing for
    /// control.
    ///
    /// ```
    /// use tower_tracks::SimpleTrackSet;
    ///
    /// let pricing = SimpleTrackSet::new("pricing")
    ///     .run("cheap", |price: &mut i64| *price -= 1)
    ///     .run("expensive", |price| *price += 1)
    ///     .build()?;
    /// let mut price = 50_i64;
    /// pricing.assign("bob", &()).run(&mut price);
    /// assert_eq!(price, 51);
    /// # Ok::<(), tower_tracks::DefinitionError>(())
    /// ```
    pub fn run(
        mut self,
        name: impl Into<String>,
        run: impl Fn(&mut X) + Send + Sync + 'static,
    ) -> Self {
        self.draft.push(name.into(), Arc::new(Run(Box::new(run))));
        self
    }
}

impl<X: 'static, S> SimpleTrackSet<RunAsync<X>, S> {
    /// Adds a track that is an `async fn` of one argument, or an async closure that captures
    /// nothing.
    ///
    /// [`Choice::run_async`](crate::Choice::run_async) runs the chosen one.
    ///
    /// ```
    /// use tower_tracks::SimpleTrackSet;
    ///
    /// struct Page;
    ///
    /// async fn short(page: &mut Page) { /* … */ }
    ///
    /// let delay = SimpleTrackSet::new("delay")
    ///     .run_async("short", short)
    ///     .run_async("long", async |page: &mut Page| { /* … */ })
    ///     .build()?;
    /// # Ok::<(), tower_tracks::DefinitionError>(())
    /// ```
    pub fn run_async<R>(self, name: impl Into<String>, run: R) -> Self
    where
        R: for<'a> AsyncTrack<'a, X>,
        for<'a> <R as AsyncTrack<'a, X>>::Future: Send,
    {
        self.run_boxed(name, move |argument| Box::pin(run.run(argument)))
    }

    /// Adds a track that is a closure of one argument. The closure returns a boxed future, so it may capture
    /// values.
    ///
    /// ```
    /// use tower_tracks::SimpleTrackSet;
    ///
    /// let discount = 5;
    /// let pricing = SimpleTrackSet::new("pricing")
    ///     .run_boxed("cheap", move |price: &mut i64| {
    ///         Box::pin(async move { *price -= discount })
    ///     })
    ///     .build()?;
    /// # Ok::<(), tower_tracks::DefinitionError>(())
    /// ```
    pub fn run_boxed(
        mut self,
        name: impl Into<String>,
        run: impl for<'a> Fn(&'a mut X) -> BoxFuture<'a> + Send + Sync + 'static,
    ) -> Self {
        self.draft
            .push(name.into(), Arc::new(RunAsync(Box::new(run))));
        self
    }
}

control_methods!(SimpleTrackSet<T>);
definition_methods!(SimpleTrackSet<T>);
