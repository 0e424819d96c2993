//! The key of an assignment, and which texts are valid keys.
//!
//! A key is made on the path of each request, so short ones stay on the stack.

use std::{
    borrow::Cow,
    fmt::{self, Display, Write as _},
    hash::{Hash, Hasher},
    sync::Arc,
};

/// The longest text that is kept without an allocation: every integer of 64 bits, a UUID, a
/// visitor cookie.
const INLINE: usize = 39;

/// The rule that [`Key::is_valid`] checks, for messages.
pub(crate) const KEY_RULE: &str = "1 to 1024 bytes long, and not only of empty parts";

/// The id that is assigned to a track, such as that of a visitor or a user, or a country and an article.
///
/// A key is text. Integers become their decimal digits, so `Key::from(42)` and `Key::from("42")` are the same
/// key. Borrowed text stays borrowed. Owned text of up to 39 bytes needs no allocation.
///
/// A key may name a person, so its `Debug` form does not show it.
///
/// ```
/// use tower_tracks::Key;
///
/// assert_eq!(Key::from(42), Key::from("42"));
/// assert_eq!(Key::parts(["HU", "42"]), Key::from("2:HU,2:42,"));
/// assert_eq!(format!("{:?}", Key::from("alice")), "Key(..)");
/// ```
#[derive(Clone)]
pub struct Key<'a>(Repr<'a>);

/// The places where the text of a key is. Equality and hashes look at the text alone.
#[derive(Clone)]
enum Repr<'a> {
    /// Text of the caller, such as the header of a request.
    Borrowed(&'a [u8]),
    /// Owned text of at most 39 bytes.
    Inline(Inline),
    /// Owned text beyond 39 bytes, so that clones of a long key do not copy it.
    Shared(Arc<[u8]>),
}

impl<'a> Key<'a> {
    /// The maximum length of a key that identifies a unit, in bytes.
    pub const MAX_LEN: usize = 1024;

    /// Returns whether the key identifies a unit: it has 1 to [`MAX_LEN`](Self::MAX_LEN) bytes, and does not
    /// consist of several [parts](Self::parts) that are all empty. Nothing is trimmed.
    ///
    /// An empty id is usually that of a guest. As a key, it would put all guests into one track, as one unit.
    /// So every key source skips an invalid key, nothing is recorded under it, and commands refuse it.
    ///
    /// ```
    /// use tower_tracks::Key;
    ///
    /// assert!(Key::from("alice").is_valid() && Key::parts(["HU", ""]).is_valid());
    /// assert!(!Key::from("").is_valid() && !Key::parts(["", ""]).is_valid());
    /// ```
    #[inline]
    pub fn is_valid(&self) -> bool {
        is_valid(self.as_bytes())
    }

    /// Returns the valid key that this text is, if the bytes are one.
    #[cfg(feature = "tower")]
    #[inline]
    pub(crate) fn from_bytes(bytes: &'a [u8]) -> Option<Self> {
        // The length first: a header may be long, and need not be decoded to be refused.
        let valid = is_valid(bytes).then_some(bytes)?;
        str::from_utf8(valid).ok().map(Key::from)
    }

    /// Returns the key of several parts, such as a country and an article.
    ///
    /// A single part is the key itself. Several parts are written as netstrings (the length in bytes, a
    /// colon, the part, a comma) and joined, so different lists of several parts have different keys. Without
    /// parts, the key is empty. If several parts are all empty, the key is not [valid](Self::is_valid).
    ///
    /// The parts are written by `Display`, so parts of several types need a common type, such as `&str` or
    /// `&dyn Display`.
    ///
    /// ```
    /// use tower_tracks::Key;
    ///
    /// assert_eq!(Key::parts(["HU", "42"]), Key::from("2:HU,2:42,"));
    /// assert_eq!(Key::parts(["HU"]), Key::from("HU"));
    /// assert_ne!(Key::parts(["a", "bc"]), Key::parts(["ab", "c"]));
    /// ```
    pub fn parts<P: Display>(parts: impl IntoIterator<Item = P>) -> Key<'static> {
        let parts: Vec<String> = parts.into_iter().map(|part| part.to_string()).collect();
        match parts.as_slice() {
            [single] => Key::owned(single.as_bytes()),
            several => {
                let netstring = |part: &String| format!("{}:{part},", part.len());
                Key::owned(several.iter().map(netstring).collect::<String>().as_bytes())
            }
        }
    }

    /// Returns the key that is the [`Display`] text of a value, such as a UUID.
    ///
    /// Up to 39 bytes need no allocation. For text and integers, `Key::from` is shorter.
    ///
    /// ```
    /// use std::net::Ipv4Addr;
    /// use tower_tracks::Key;
    ///
    /// assert_eq!(Key::display(Ipv4Addr::LOCALHOST), Key::from("127.0.0.1"));
    /// ```
    pub fn display(value: impl Display) -> Key<'static> {
        let mut inline = Inline::default();
        match write!(inline, "{value}") {
            Ok(()) => Key(Repr::Inline(inline)),
            // A text that does not fit is written twice. That is rare, and spares all others the
            // allocation.
            Err(_) => Key::owned(value.to_string().as_bytes()),
        }
    }

    /// Returns the key of bytes that were found to be ASCII.
    #[cfg(feature = "tower")]
    #[inline]
    pub(crate) fn ascii(bytes: &'a [u8]) -> Self {
        debug_assert!(bytes.is_ascii());
        Key(Repr::Borrowed(bytes))
    }

    /// Returns the text of the key as bytes of UTF-8.
    ///
    /// A key may name a person: do not log it.
    ///
    /// ```
    /// use tower_tracks::Key;
    ///
    /// assert_eq!(Key::from(42).as_bytes(), b"42");
    /// ```
    #[inline]
    pub fn as_bytes(&self) -> &[u8] {
        match &self.0 {
            Repr::Borrowed(bytes) => bytes,
            Repr::Inline(inline) => inline.as_bytes(),
            Repr::Shared(bytes) => bytes,
        }
    }

    /// Returns how many bytes it takes outside of itself.
    #[cfg(feature = "record")]
    pub(crate) fn heap_bytes(&self) -> usize {
        match &self.0 {
            Repr::Borrowed(_) | Repr::Inline(_) => 0,
            Repr::Shared(bytes) => bytes.len(),
        }
    }

    /// Returns the same key without the borrow. It allocates only beyond 39 bytes.
    ///
    /// ```
    /// use tower_tracks::Key;
    ///
    /// fn user(id: &str) -> Key<'static> {
    ///     Key::from(id).into_owned()
    /// }
    ///
    /// assert_eq!(user("alice"), Key::from("alice"));
    /// ```
    #[inline]
    pub fn into_owned(self) -> Key<'static> {
        match self.0 {
            Repr::Borrowed(bytes) => Key::owned(bytes),
            Repr::Inline(inline) => Key(Repr::Inline(inline)),
            Repr::Shared(bytes) => Key(Repr::Shared(bytes)),
        }
    }

    /// Returns the key of copied bytes, which are UTF-8.
    #[inline]
    fn owned(bytes: &[u8]) -> Key<'static> {
        match Inline::new(bytes) {
            Some(inline) => Key(Repr::Inline(inline)),
            None => Key(Repr::Shared(bytes.into())),
        }
    }
}

/// Whether the bytes of a text are a valid key; see [`Key::is_valid`].
#[inline]
fn is_valid(bytes: &[u8]) -> bool {
    (1..=Key::MAX_LEN).contains(&bytes.len()) && !is_of_empty_parts(bytes)
}

/// Whether these are the netstrings of several empty parts.
#[inline]
fn is_of_empty_parts(bytes: &[u8]) -> bool {
    let (parts, rest) = bytes.as_chunks();
    rest.is_empty() && parts.len() > 1 && parts.iter().all(|part| part == b"0:,")
}

impl<'a> From<&'a str> for Key<'a> {
    fn from(text: &'a str) -> Self {
        Key(Repr::Borrowed(text.as_bytes()))
    }
}

impl<'a> From<&'a String> for Key<'a> {
    fn from(text: &'a String) -> Self {
        Key::from(text.as_str())
    }
}

impl From<String> for Key<'_> {
    fn from(text: String) -> Self {
        Key::owned(text.as_bytes())
    }
}

impl<'a> From<Cow<'a, str>> for Key<'a> {
    fn from(text: Cow<'a, str>) -> Self {
        match text {
            Cow::Borrowed(text) => Key::from(text),
            Cow::Owned(text) => Key::from(text),
        }
    }
}

impl<'a> From<&'a Key<'_>> for Key<'a> {
    fn from(key: &'a Key<'_>) -> Self {
        Key(Repr::Borrowed(key.as_bytes()))
    }
}

macro_rules! from_integer {
    ($($integer:ty),*) => {$(
        impl From<$integer> for Key<'_> {
            fn from(integer: $integer) -> Self {
                Key::display(integer)
            }
        }
    )*};
}

from_integer!(
    u8, u16, u32, u64, u128, usize, i8, i16, i32, i64, i128, isize
);

// By the text and not derived: equal texts may be in different places, and must have equal hashes, or
// a map would not find a key that was copied.
impl PartialEq<Key<'_>> for Key<'_> {
    fn eq(&self, other: &Key<'_>) -> bool {
        self.as_bytes() == other.as_bytes()
    }
}

impl Eq for Key<'_> {}

impl Hash for Key<'_> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.as_bytes().hash(state);
    }
}

impl fmt::Debug for Key<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // A key may name a person, and `Debug` forms end up in logs.
        f.write_str("Key(..)")
    }
}

/// Short text on the stack. It is laid out in whole words, since a processor stalls when it moves
/// what was just written across their borders.
#[derive(Clone)]
#[repr(C, align(8))]
struct Inline {
    /// UTF-8 up to `len`, then zeros.
    bytes: [u8; INLINE],
    len: u8,
}

impl Inline {
    fn new(bytes: &[u8]) -> Option<Self> {
        let mut inline = Self::default();
        inline.push(bytes).then_some(inline)
    }

    fn as_bytes(&self) -> &[u8] {
        &self.bytes[..usize::from(self.len)]
    }

    /// Appends bytes, and returns whether they fit. If they do not, the text is left as it was; a
    /// caller that gets `false` begins anew with another representation.
    fn push(&mut self, more: &[u8]) -> bool {
        let start = usize::from(self.len);
        let end = start + more.len();
        let Some(room) = self.bytes.get_mut(start..end) else {
            return false;
        };
        room.copy_from_slice(more);
        // It fits, since `end` is within the 39 bytes.
        self.len = end as u8;
        true
    }
}

impl Default for Inline {
    fn default() -> Self {
        Self {
            bytes: [0; INLINE],
            len: 0,
        }
    }
}

impl fmt::Write for Inline {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.push(text.as_bytes()).then_some(()).ok_or(fmt::Error)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(key: Key<'_>, text: &str) {
        assert_eq!(key.as_bytes(), text.as_bytes());
        assert_eq!(key.into_owned().as_bytes(), text.as_bytes());
    }

    #[test]
    fn text_is_the_key() {
        check(Key::from(""), "");
        check(Key::from("alice"), "alice");
        check(Key::from("alice".to_owned()), "alice");
        check(Key::from("x".repeat(1 << 20)), &"x".repeat(1 << 20));
    }

    #[test]
    fn integers_are_decimal() {
        check(Key::from(-7_i8), "-7");
        check(
            Key::from(u128::MAX),
            "340282366920938463463374607431768211455",
        );
        check(
            Key::from(i128::MIN),
            "-170141183460469231731687303715884105728",
        );
    }

    #[test]
    fn parts_are_netstrings() {
        check(Key::parts::<&str>([]), "");
        check(Key::parts(["HU"]), "HU");
        check(Key::parts(["HU", "42"]), "2:HU,2:42,");
        check(Key::parts(["ő", ""]), "2:ő,0:,");
        check(Key::parts([&7 as &dyn Display, &"x"]), "1:7,1:x,");
    }

    #[test]
    fn one_to_1024_bytes_are_valid() {
        let of_len = |len| Key::from("x".repeat(len)).is_valid();
        assert_eq!([0, 1, 1024, 1025].map(of_len), [false, true, true, false]);
        assert!(Key::from(" ").is_valid() && Key::from("0:,").is_valid());
        assert!(Key::parts(["", "x"]).is_valid());
        for parts in [vec![], vec![""], vec!["", ""], vec![""; 100]] {
            assert!(!Key::parts(parts).is_valid());
        }
    }

    #[test]
    fn text_of_any_length_displays() {
        for len in [0, 39, 40, 41, 1000] {
            let text = "y".repeat(len);
            check(Key::display(&text), &text);
        }
    }
}
