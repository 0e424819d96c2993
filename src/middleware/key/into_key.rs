use crate::assign::Key;

/// A value that the closure of [`KeySource::extension`](crate::KeySource::extension) may return: a [`Key`],
/// text, an integer, or an `Option` of these.
///
/// Implement it for a type of your own that has a key. Empty text is not a valid key: the layer then
/// queries its next source.
///
/// ```
/// use tower_tracks::{Key, KeySource, SimpleTrackSet, TracksLayer, middleware::IntoKey};
///
/// /// The id of a user; 0 for a guest.
/// #[derive(Clone, Copy)]
/// struct UserId(u64);
///
/// impl IntoKey for UserId {
///     fn into_key(self) -> Option<Key<'static>> {
///         (self.0 != 0).then(|| Key::from(self.0))
///     }
/// }
///
/// let delay = SimpleTrackSet::new("delay").track("short", 500).unit_kind("user").build()?;
/// let layer = TracksLayer::new(delay)
///     .key_of("user", KeySource::extension(|user: &UserId| *user));
/// # Ok::<(), tower_tracks::DefinitionError>(())
/// ```
#[diagnostic::on_unimplemented(
    message = "a `{Self}` is not a key",
    note = "text and integers are keys; of another type `Key::display(value)` makes one",
    note = "borrowed text is kept by `Key::from(text).into_owned()`"
)]
pub trait IntoKey {
    /// Returns the key, if there is one.
    ///
    /// `None` means that the request has no key in this source, such as a session without a user.
    fn into_key(self) -> Option<Key<'static>>;
}

/// A session without a user has no key.
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
