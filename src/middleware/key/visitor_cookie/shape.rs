//! The format of a visitor's key: sixteen bytes in base64url without padding, 22 characters.

use crate::{assign::Key, unit::base64url};

/// Returns the key that an unsigned cookie's value is, if it has the shape.
#[cfg(any(
    test,
    not(any(feature = "mask", feature = "overrides", feature = "units"))
))]
pub(crate) fn read(value: &[u8]) -> Option<Key<'_>> {
    base64url::is_text(value).then(|| Key::ascii(value))
}

/// Returns the key of sixteen bytes.
pub(crate) fn write(random: [u8; 16]) -> Key<'static> {
    Key::ascii(&base64url::text(random)).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(random: [u8; 16]) -> String {
        String::from_utf8(write(random).as_bytes().to_vec()).unwrap()
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
    fn an_issued_value_is_a_key() {
        for random in [[0; 16], [0xff; 16], [0x5a; 16]] {
            let key = write(random);
            assert!(read(key.as_bytes()).is_some_and(|found| found == key));
        }
    }

    #[test]
    fn anything_else_is_not() {
        for value in [
            "",
            "AAAAAAAAAAAAAAAAAAAAA",
            "AAAAAAAAAAAAAAAAAAAAAAA",
            "AAAAAAAAAAAAAAAAAAAAAB",
            "AAAAAAAAAA+AAAAAAAAAAA",
            "\"AAAAAAAAAAAAAAAAAAAAA",
            "ÄAAAAAAAAAAAAAAAAAAAA",
        ] {
            assert_eq!(read(value.as_bytes()), None, "{value}");
        }
    }
}
