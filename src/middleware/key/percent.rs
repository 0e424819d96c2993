//! Cookies whose values are percent-encoded, read as the crate `cookie` reads them.

use http::HeaderMap;

use crate::assign::Key;

use super::cookies;

/// Returns the key in the last cookie of this name, decoded.
///
/// A jar of the crate `cookie` holds the last cookie of a name, and drops those whose decoded value is
/// not UTF-8.
///
/// All cookies are read, also after the first, because only the last counts.
pub(crate) fn find<'a>(headers: &'a HeaderMap, name: &str) -> Option<Key<'a>> {
    let mut last = None;
    cookies::find(headers, name, |value| {
        // A value that is not UTF-8 leaves the former one in place, as in a jar.
        last = read(value).or(last.take());
        None::<()>
    });
    last.flatten()
}

/// Returns the key that a value holds: `None` if the decoded value is not UTF-8, `Some(None)` if it
/// is not a valid key or has an invalid escape.
fn read(value: &[u8]) -> Option<Option<Key<'_>>> {
    if memchr::memchr(b'%', value).is_none() {
        return str::from_utf8(value).ok().map(|_| Key::from_bytes(value));
    }
    let mut escapes = true;
    let text = String::from_utf8(decode(value, &mut escapes)).ok()?;
    let key = Key::from(text);
    Some(Some(key).filter(|key| escapes && key.is_valid()))
}

/// Replaces each escape by its byte. An invalid escape is kept as it is, and reported in `escapes`.
fn decode(value: &[u8], escapes: &mut bool) -> Vec<u8> {
    let mut decoded = Vec::with_capacity(value.len());
    let mut rest = value;
    while let Some((first, behind)) = rest.split_first() {
        let escape = (*first == b'%').then(|| byte(behind));
        match escape {
            Some(Some(byte)) => decoded.push(byte),
            _ => decoded.push(*first),
        }
        *escapes &= escape != Some(None);
        rest = match escape {
            Some(Some(_)) => behind.get(2..).unwrap_or_default(),
            _ => behind,
        };
    }
    decoded
}

/// Returns the byte whose two hexadecimal digits come first.
fn byte(digits: &[u8]) -> Option<u8> {
    let digit = |index: usize| char::from(*digits.get(index)?).to_digit(16);
    u8::try_from(digit(0)? << 4 | digit(1)?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(value: &[u8], expected: Option<Option<&str>>) {
        assert_eq!(read(value), expected.map(|key| key.map(Key::from)));
    }

    #[test]
    fn escapes_are_decoded_once() {
        check(b"anna%40shop.example", Some(Some("anna@shop.example")));
        check(b"%c5%91%C5%90", Some(Some("\u{151}\u{150}")));
        check(b"100%2525+", Some(Some("100%25+")));
        check(b"plain", Some(Some("plain")));
        check(b"\"quoted%22", Some(Some("\"quoted\"")));
    }

    #[test]
    fn invalid_values_are_no_key() {
        for bad in [&b"%"[..], b"a%4", b"%zz", b"100%", b"%+1", b"%%34", b""] {
            check(bad, Some(None));
        }
        check(b"%00", Some(Some("\0")));
        for alien in [&b"%ff"[..], b"%c5", b"\xff", b"\xff%41"] {
            check(alien, None);
        }
        check("x%41".repeat(513).as_bytes(), Some(None));
        check("%41".repeat(1024).as_bytes(), Some(Some(&"A".repeat(1024))));
    }
}
