//! The one shape of a visitor's key: sixteen bytes in base64url without padding.

use crate::assign::Key;

const LENGTH: usize = 22;

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// Whether a byte is of the alphabet.
const IS_OF_ALPHABET: [bool; 256] = {
    let mut is_of_alphabet = [false; 256];
    let mut index = 0;
    while index < ALPHABET.len() {
        is_of_alphabet[ALPHABET[index] as usize] = true;
        index += 1;
    }
    is_of_alphabet
};

/// Returns the key that a cookie's value is, if it has the shape.
pub(super) fn read(value: &[u8]) -> Option<Key<'_>> {
    // Sixteen bytes leave four bits of the last character unused: they are zero.
    let (last, others) = value.split_last()?;
    let shaped =
        value.len() == LENGTH && is_base64url(others) && matches!(last, b'A' | b'Q' | b'g' | b'w');
    shaped.then(|| Key::ascii(value))
}

/// Returns the key of sixteen bytes.
pub(super) fn write(random: [u8; 16]) -> Key<'static> {
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
    Key::ascii(&text).into_owned()
}

/// Whether all are characters of base64url. Every one is looked at, even after a wrong one: to
/// branch at each would cost more.
fn is_base64url(text: &[u8]) -> bool {
    let is_of_alphabet = |byte: &u8| IS_OF_ALPHABET[usize::from(*byte)];
    text.iter()
        .fold(true, |all, byte| all & is_of_alphabet(byte))
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
