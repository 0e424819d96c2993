//! Tracks that are run with an argument.

use std::{fmt, pin::Pin};

/// A boxed future, as [`SimpleTrackSet::run_boxed`](crate::SimpleTrackSet::run_boxed)
/// takes it.
pub(super) type BoxFuture<'a> = Pin<Box<dyn Future<Output = ()> + Send + 'a>>;

/// The value that a track carries if it is run with a `&mut X`.
///
/// See [`SimpleTrackSet::run`](crate::SimpleTrackSet::run).
pub struct Run<X>(pub(super) Box<dyn Fn(&mut X) + Send + Sync>);

impl<X> fmt::Debug for Run<X> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Run(<fn>)")
    }
}

/// The value that a track carries if it is run asynchronously with a `&mut X`.
///
/// See [`SimpleTrackSet::run_async`](crate::SimpleTrackSet::run_async).
pub struct RunAsync<X>(pub(super) Box<BoxedFn<X>>);

/// A function that returns a boxed future.
pub(super) type BoxedFn<X> = dyn for<'a> Fn(&'a mut X) -> BoxFuture<'a> + Send + Sync;

impl<X> fmt::Debug for RunAsync<X> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RunAsync(<fn>)")
    }
}

/// An `async fn(&mut X)`.
///
/// Every `async fn`, and every async closure that captures nothing, implements it. For a closure that
/// captures values, use [`SimpleTrackSet::run_boxed`](crate::SimpleTrackSet::run_boxed). The future must be
/// `Send` at the place where the track is added, so the compiler points at the value that is not.
///
/// ```
/// use tower_tracks::SimpleTrackSet;
///
/// async fn greet(page: &mut String) {
///     page.push_str("Coconuts!");
/// }
///
/// let banner = SimpleTrackSet::new("banner").run_async("friendly", greet).build()?;
/// # Ok::<(), tower_tracks::DefinitionError>(())
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not an `async fn(&mut {X})` that captures nothing",
    label = "not an `async fn`, or it captures",
    note = "an async closure that captures is given to `.run_boxed(name, |x| Box::pin(async move {{ … }}))`",
    note = "a function that is not async is given to `.run(name, function)`"
)]
// A bound on `AsyncFn(&mut X)` would be shorter, but it cannot demand that the future is `Send`.
pub trait AsyncTrack<'a, X>: Send + Sync + 'static {
    /// The future.
    type Future: Future<Output = ()> + 'a;

    /// Runs the track.
    fn run(&self, argument: &'a mut X) -> Self::Future;
}

#[diagnostic::do_not_recommend]
impl<'a, X, F, Fut> AsyncTrack<'a, X> for F
where
    X: 'a,
    F: Fn(&'a mut X) -> Fut + Send + Sync + 'static,
    Fut: Future<Output = ()> + 'a,
{
    type Future = Fut;

    fn run(&self, argument: &'a mut X) -> Fut {
        self(argument)
    }
}

/// An `async fn(&mut X, P)`, with the parameter of a track.
///
/// See [`AsyncTrack`]. For a closure that captures values, use
/// [`ParamTrackSet::run_boxed`](crate::ParamTrackSet::run_boxed).
///
/// ```
/// use tower_tracks::ParamTrackSet;
///
/// async fn raise(price: &mut i64, delta: i64) {
///     *price += delta;
/// }
///
/// let pricing = ParamTrackSet::new("pricing", [-5_i64, 5], |delta| format!("by_{delta}"))
///     .run_async(raise)
///     .build()?;
/// # Ok::<(), tower_tracks::DefinitionError>(())
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not an `async fn(&mut {X}, {P})` that captures nothing",
    label = "not an `async fn` of two arguments, or it captures",
    note = "an async closure that captures is given to `.run_boxed(|x, param| Box::pin(async move {{ … }}))`",
    note = "a function that is not async is given to `.run(function)`"
)]
pub trait AsyncParamTrack<'a, X, P>: Send + Sync + 'static {
    /// The future.
    type Future: Future<Output = ()> + 'a;

    /// Runs the track.
    fn run(&self, argument: &'a mut X, param: P) -> Self::Future;
}

#[diagnostic::do_not_recommend]
impl<'a, X, P, F, Fut> AsyncParamTrack<'a, X, P> for F
where
    X: 'a,
    F: Fn(&'a mut X, P) -> Fut + Send + Sync + 'static,
    Fut: Future<Output = ()> + 'a,
{
    type Future = Fut;

    fn run(&self, argument: &'a mut X, param: P) -> Fut {
        self(argument, param)
    }
}
