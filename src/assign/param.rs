use std::{fmt, marker::PhantomData, sync::Arc};

use super::{
    ContextState, Definition, DefinitionError, For, Join, MultiTrackSet, NoContext, Plan, Run,
    RunAsync, Track, TrackValue,
    context::{JoinedContext, erased},
    definition::{
        Control, Draft, Order, Pinned, control_methods, definition_methods, sealed::IntoDraft,
    },
    run::{AsyncParamTrack, BoxFuture},
    segment::{Segments, erased_segment},
    set::Carries,
    track::Carried,
};

/// The definition of a set with one track for each parameter.
///
/// Each track carries its parameter, which is read by its type. The first track is the built-in `control`,
/// which carries nothing.
///
/// ```
/// use tower_tracks::ParamTrackSet;
///
/// let pricing = ParamTrackSet::new("pricing", -5..=5, |delta| format!("price_adjusted_by_{delta}"))
///     .control("price_adjusted_by_0")
///     .run(|price: &mut i64, delta| *price += delta)
///     .build()?;
/// let choice = pricing.assign("bob", &());
/// assert_eq!(choice.value::<i64>(), Some(&4));
///
/// let mut price = 50_i64;
/// choice.run(&mut price);
/// assert_eq!(price, 54);
/// # Ok::<(), tower_tracks::DefinitionError>(())
/// ```
#[must_use = "a definition is finished by `.build()?` or added to a group"]
pub struct ParamTrackSet<P, S = NoContext> {
    pub(super) draft: Draft,
    pub(super) state: PhantomData<fn() -> (P, S)>,
}

impl<P: TrackValue> ParamTrackSet<P, NoContext> {
    /// Returns a set with one track for each item of `params`, which `name_of` names.
    ///
    /// The tracks are in the order of `params`, after control. Each name must be valid and unique;
    /// [`build`](Self::build) checks it.
    ///
    /// ```
    /// use tower_tracks::ParamTrackSet;
    ///
    /// let delay = ParamTrackSet::new("delay", [500, 2000], |delay| format!("{delay}-ms")).build()?;
    /// for set in delay.sets() {
    ///     let names: Vec<_> = set.tracks().iter().map(|track| track.name()).collect();
    ///     assert_eq!(names, ["control", "500-ms", "2000-ms"]);
    /// }
    /// # Ok::<(), tower_tracks::DefinitionError>(())
    /// ```
    pub fn new(
        name: impl Into<String>,
        params: impl IntoIterator<Item = P>,
        name_of: impl Fn(&P) -> String,
    ) -> Self {
        let mut draft = Draft::new(name.into(), Some(Carries::of::<P>()), Order::Declared);
        for param in params {
            draft.push(name_of(&param), Arc::new(param));
        }
        Self {
            draft,
            state: PhantomData,
        }
    }
}

impl<P: TrackValue, S> ParamTrackSet<P, S> {
    /// Sets the function that [`Choice::run`](crate::Choice::run) runs with its argument and
    /// the parameter of the chosen track.
    ///
    /// It is one function for all tracks. The built-in control has no parameter and runs nothing. A second
    /// call with the same type of argument replaces the function.
    ///
    /// ```
    /// use tower_tracks::ParamTrackSet;
    ///
    /// let pricing = ParamTrackSet::new("pricing", [-5_i64, 5], |delta| format!("by_{delta}"))
    ///     .run(|price: &mut i64, delta| *price += delta)
    ///     .track_weight("control", 0)
    ///     .build()?;
    /// let mut price = 50_i64;
    /// pricing.assign("alice", &()).run(&mut price);
    /// assert!([45, 55].contains(&price));
    /// # Ok::<(), tower_tracks::DefinitionError>(())
    /// ```
    pub fn run<X: 'static>(self, run: impl Fn(&mut X, &P) + Send + Sync + 'static) -> Self {
        let run = Arc::new(run);
        self.carry::<Run<X>>(|param| {
            let run = Arc::clone(&run);
            Run(Box::new(move |argument| run(argument, &param)))
        })
    }

    /// Sets the `async fn` that [`Choice::run_async`](crate::Choice::run_async) runs with its argument and
    /// a clone of the chosen track's parameter. An async closure must not capture anything.
    ///
    /// ```
    /// use tower_tracks::ParamTrackSet;
    ///
    /// async fn wait(total: &mut u64, milliseconds: u64) {
    ///     *total += milliseconds; // … and sleep for so long
    /// }
    ///
    /// let delay = ParamTrackSet::new("delay", [500, 2000], |delay| format!("{delay}-ms"))
    ///     .run_async(wait)
    ///     .build()?;
    /// # Ok::<(), tower_tracks::DefinitionError>(())
    /// ```
    pub fn run_async<X: 'static, R>(self, run: R) -> Self
    where
        P: Clone,
        R: for<'a> AsyncParamTrack<'a, X, P>,
        for<'a> <R as AsyncParamTrack<'a, X, P>>::Future: Send,
    {
        self.run_boxed(move |argument, param: &P| Box::pin(run.run(argument, param.clone())))
    }

    /// Sets the function that [`Choice::run_async`](crate::Choice::run_async) runs with its argument and the
    /// parameter of the chosen track. It is a closure that returns a boxed future, so it may capture values.
    ///
    /// ```
    /// use tower_tracks::ParamTrackSet;
    ///
    /// let floor = 10;
    /// let pricing = ParamTrackSet::new("pricing", [-5_i64, 5], |delta| format!("by_{delta}"))
    ///     .run_boxed(move |price: &mut i64, delta| {
    ///         let price_of_track = *price + *delta;
    ///         Box::pin(async move { *price = price_of_track.max(floor) })
    ///     })
    ///     .build()?;
    /// # Ok::<(), tower_tracks::DefinitionError>(())
    /// ```
    pub fn run_boxed<X: 'static>(
        self,
        run: impl for<'a> Fn(&'a mut X, &P) -> BoxFuture<'a> + Send + Sync + 'static,
    ) -> Self {
        let run = Arc::new(run);
        self.carry::<RunAsync<X>>(|param| {
            let run = Arc::clone(&run);
            RunAsync(Box::new(boxed(move |argument| run(argument, &param))))
        })
    }

    /// Makes a function for each track that has a parameter, and adds it beside the parameter. The
    /// functions share the parameter with the track, so that `P` need not be `Clone`.
    fn carry<R: Send + Sync + 'static>(mut self, make: impl Fn(Arc<P>) -> R) -> Self {
        self.draft.set.carries.push(Carries::of::<R>());
        for track in &mut self.draft.set.tracks {
            if let Some(param) = param_of(track) {
                // A function that was given before is replaced.
                track.carried.retain(|carried| !carried.is::<R>());
                track.carried.push(Arc::new(make(param)));
            }
        }
        self
    }
}

control_methods!(ParamTrackSet<P>);
definition_methods!(ParamTrackSet<P>);

/// Returns the parameter of a track, which is what it carries first; control carries none.
fn param_of<P: TrackValue>(track: &Track) -> Option<Arc<P>> {
    let param: &Carried = track.carried.first()?;
    Arc::clone(param).downcast().ok()
}

/// Fixes a closure's signature to that of a boxed async function.
fn boxed<X, F: for<'a> Fn(&'a mut X) -> BoxFuture<'a>>(run: F) -> F {
    run
}
