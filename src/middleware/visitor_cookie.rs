use std::{borrow::Cow, time::Duration};

use http::HeaderValue;

use crate::assign::Key;

/// A key in base64url without padding: sixteen bytes in 22 characters.
const LENGTH: usize = 22;

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// The cookie by which a visitor is known again: 128 random bits, and nothing else.
///
/// It is issued when an assignment was read and the visitor has none, and not renewed. By
/// default it is
///
/// ```text
/// __Host-tracks=<22 characters>; Path=/; Max-Age=15552000; Secure; HttpOnly; SameSite=Lax
/// ```
///
/// A value of any other shape is no key.
#[derive(Debug, Clone)]
pub struct VisitorCookie {
    name: Cow<'static, str>,
    secure: bool,
    max_age: Duration,
}

impl Default for VisitorCookie {
    fn default() -> Self {
        Self {
            name: Cow::Borrowed("__Host-tracks"),
            secure: true,
            max_age: 180 * DAY,
        }
    }
}

impl VisitorCookie {
    /// Returns a cookie named `tracks` that is not `Secure`, for http without TLS on the own
    /// machine.
    ///
    /// # Warning
    ///
    /// Sent over http, it can be read and replaced on the way; without the `__Host-` prefix
    /// a neighbouring subdomain can set it. Browsers drop `Secure` cookies over http, so
    /// that without this each reload there is a new visitor.
    pub fn plain() -> Self {
        Self {
            name: Cow::Borrowed("tracks"),
            secure: false,
            ..Self::default()
        }
    }

    /// Returns the cookie's name.
    pub fn name(&self) -> &str {
        &self.name
    }

    pub(super) fn is_secure(&self) -> bool {
        self.secure
    }

    /// Returns the key in a cookie's value, if it has the shape of one that was issued.
    #[inline]
    pub(super) fn key<'a>(&self, value: &'a [u8]) -> Option<Key<'a>> {
        // Sixteen bytes leave four bits of the last character unused: they are zero.
        let (last, others) = value.split_last()?;
        let shaped = value.len() == LENGTH
            && others.iter().all(is_base64url)
            && matches!(last, b'A' | b'Q' | b'g' | b'w');
        let text = shaped.then(|| str::from_utf8(value).ok())??;
        Some(Key::from(text))
    }

    /// Returns a new visitor's key.
    pub(super) fn new_key(random: [u8; 16]) -> Key<'static> {
        let bits = u128::from_be_bytes(random);
        let character = |index: usize| {
            // 126 bits are 21 characters; the last two bits lead the 22nd.
            let six = match 122_usize.checked_sub(6 * index) {
                Some(shift) => bits >> shift,
                None => bits << 4,
            };
            ALPHABET[(six & 63) as usize]
        };
        let text: [u8; LENGTH] = std::array::from_fn(character);
        Key::from(str::from_utf8(&text).unwrap_or_default()).into_owned()
    }

    /// Returns the `Set-Cookie` header that issues a key.
    pub(super) fn issue(&self, key: &Key<'_>) -> Option<HeaderValue> {
        let value = str::from_utf8(key.as_bytes()).ok()?;
        let secure = if self.secure { " Secure;" } else { "" };
        let cookie = format!(
            "{name}={value}; Path=/; Max-Age={max_age};{secure} HttpOnly; SameSite=Lax",
            name = self.name,
            max_age = self.max_age.as_secs(),
        );
        HeaderValue::try_from(cookie).ok()
    }
}

#[inline]
fn is_base64url(byte: &u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(random: [u8; 16]) -> String {
        String::from_utf8(VisitorCookie::new_key(random).as_bytes().to_vec()).unwrap()
    }

    #[test]
    fn keys_are_base64url() {
        assert_eq!(text([0; 16]), "AAAAAAAAAAAAAAAAAAAAAA");
        assert_eq!(text([0xff; 16]), "_____________________w");
        assert_eq!(
            text(std::array::from_fn(|i| i as u8)),
            "AAECAwQFBgcICQoLDA0ODw"
        );
    }

    #[test]
    fn what_was_issued_is_a_key() {
        let cookie = VisitorCookie::default();
        for random in [[0; 16], [0xff; 16], [0x5a; 16]] {
            let key = VisitorCookie::new_key(random);
            assert!(cookie.key(key.as_bytes()).is_some_and(|found| found == key));
        }
    }

    #[test]
    fn anything_else_is_not() {
        let cookie = VisitorCookie::default();
        for value in [
            "",
            "AAAAAAAAAAAAAAAAAAAAA",
            "AAAAAAAAAAAAAAAAAAAAAAA",
            "AAAAAAAAAAAAAAAAAAAAAB",
            "AAAAAAAAAA+AAAAAAAAAAA",
            "\"AAAAAAAAAAAAAAAAAAAAA",
            "ÄAAAAAAAAAAAAAAAAAAAA",
        ] {
            assert_eq!(cookie.key(value.as_bytes()), None, "{value}");
        }
    }
}
