//! The type state that lets a program without a context compile without annotations.

use std::{any::Any, fmt, marker::PhantomData};

/// The state of a definition without a context.
///
/// Its group is assigned with `&()`.
#[derive(Debug, Clone, Copy)]
pub struct NoContext;

/// The state of a definition whose eligibility checks a `C`.
///
/// ```
/// use tower_tracks::{SimpleTrackSet, assign::For};
///
/// struct Customer {
///     is_vip: bool,
/// }
///
/// fn delay() -> SimpleTrackSet<i32, For<Customer>> {
///     let delay = SimpleTrackSet::new("delay").track("long", 2000);
///     delay.eligible(|customer: &Customer| !customer.is_vip)
/// }
///
/// assert!(delay().build()?.assign("alice", &Customer { is_vip: false }).is_enrolled());
/// # Ok::<(), tower_tracks::DefinitionError>(())
/// ```
// A function pointer, so that the state is `Send` and `Sync` whatever the context is.
pub struct For<C>(PhantomData<fn(&C)>);

impl<C> fmt::Debug for For<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("For")
    }
}

/// The type state of a definition's context.
///
/// It is [`NoContext`] until `eligible` or `context` makes it [`For<C>`]. It cannot be
/// implemented outside this crate.
pub trait ContextState: sealed::Sealed {
    /// The context that assigning takes; `()` where none is looked at.
    type Context: 'static;
}

impl ContextState for NoContext {
    type Context = ();
}

impl<C: 'static> ContextState for For<C> {
    type Context = C;
}

/// The context of a group after a set with the context `Added` was added.
#[diagnostic::on_unimplemented(
    message = "one group cannot look at two contexts: it looks at `{Self}`, the added set at `{Added}`",
    label = "the added set looks at another context than the group",
    note = "let both sets' `eligible` take the same type, or put them into two groups: \
            `TracksLayer::new(first).and(second)?`"
)]
pub trait Join<Added>: sealed::Sealed {
    /// The state of the group afterwards.
    type Joined: ContextState;
}

#[diagnostic::do_not_recommend]
impl Join<NoContext> for NoContext {
    type Joined = NoContext;
}

#[diagnostic::do_not_recommend]
impl<C: 'static> Join<For<C>> for NoContext {
    type Joined = For<C>;
}

#[diagnostic::do_not_recommend]
impl<C: 'static> Join<NoContext> for For<C> {
    type Joined = For<C>;
}

#[diagnostic::do_not_recommend]
impl<C: 'static> Join<For<C>> for For<C> {
    type Joined = For<C>;
}

mod sealed {
    /// Keeps the states to this crate.
    pub trait Sealed {}
    impl Sealed for super::NoContext {}
    impl<C> Sealed for super::For<C> {}
}

/// The context of a group in state `S` after a set in state `D` was added.
pub(super) type JoinedContext<S, D> = <<S as Join<D>>::Joined as ContextState>::Context;

/// A predicate over the context. The context is behind `Any`; the type state has its type.
pub(super) type Eligible = Box<dyn Fn(&dyn Any) -> bool + Send + Sync>;

/// Hides the type of the context; the predicate is false for a context of another type.
pub(super) fn erased<C: 'static>(
    predicate: impl Fn(&C) -> bool + Send + Sync + 'static,
) -> Eligible {
    // The type always matches, because the type state admits one context to a group.
    Box::new(move |context| context.downcast_ref().is_some_and(&predicate))
}
