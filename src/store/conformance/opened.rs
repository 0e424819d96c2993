use crate::store::Store;

/// An empty store for one test, with everything that has to live as long.
///
/// It is a store, a pair of a store and another value, or an `Option` of these. The store of a pair is
/// dropped first.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no empty store for a test",
    note = "pass a `Store`, a pair `(Store, value)`, or an `Option` of either"
)]
pub trait Opened {
    /// Returns the store; `None` if there can be none, so that nothing is tested.
    fn store(&self) -> Option<&dyn Store>;
}

impl<S: Store> Opened for S {
    fn store(&self) -> Option<&dyn Store> {
        Some(self)
    }
}

impl<S: Store, T> Opened for (S, T) {
    fn store(&self) -> Option<&dyn Store> {
        Some(&self.0)
    }
}

impl<O: Opened> Opened for Option<O> {
    fn store(&self) -> Option<&dyn Store> {
        self.as_ref()?.store()
    }
}
