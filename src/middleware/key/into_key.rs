use crate::assign::Key;

/// What the closure of [`KeySource::extension`](crate::KeySource::extension) may return: a
/// [`Key`], text, an integer, or an `Option` of these.
#[diagnostic::on_unimplemented(
    message = "a `{Self}` is not a key",
    note = "text and integers are keys; of another type `Key::display(value)` makes one",
    note = "borrowed text is kept by `Key::from(text).into_owned()`"
)]
pub trait IntoKey {
    /// Returns the key, if there is one.
    fn into_key(self) -> Option<Key<'static>>;
}

impl<K: IntoKey> IntoKey for Option<K> {
    fn into_key(self) -> Option<Key<'static>> {
        self.and_then(K::into_key)
    }
}

macro_rules! into_key {
    ($($key:ty),*) => {$(
        impl IntoKey for $key {
            fn into_key(self) -> Option<Key<'static>> {
                Some(self.into())
            }
        }
    )*};
}

into_key!(
    Key<'static>,
    String,
    &'static str,
    u8,
    u16,
    u32,
    u64,
    u128,
    usize,
    i8,
    i16,
    i32,
    i64,
    i128,
    isize
);
