//! Sixteen bytes as 22 characters of base64url (RFC 4648) without padding. There is one text for each
//! sixteen bytes.

/// The length of a text: ⌈16 · 8 / 6⌉ characters.
pub(crate) const LENGTH: usize = 22;

/// The alphabet of section 5 of RFC 4648, whose characters need no escape in a cookie or a URL.
const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// The value of a byte that is not of the alphabet.
#[cfg(feature = "tower")]
const NONE: u8 = 0xff;

/// The six bits of each character.
#[cfg(feature = "tower")]
const VALUES: [u8; 256] = {
    let mut values = [NONE; 256];
    let mut index = 0;
    while index < ALPHABET.len() {
        values[ALPHABET[index] as usize] = index as u8;
        index += 1;
    }
    values
};

/// Returns the text of sixteen bytes.
pub(crate) fn text(bytes: [u8; 16]) -> [u8; LENGTH] {
    let bits = u128::from_be_bytes(bytes);
    std::array::from_fn(|index| {
        // 126 bits are 21 characters; the last two bits lead the 22nd.
        let six = match 122_usize.checked_sub(6 * index) {
            Some(shift) => bits >> shift,
            None => bits << 4,
        };
        ALPHABET[(six & 63) as usize]
    })
}

/// Returns whether this is the text of some sixteen bytes. Every character is looked at, even after
/// a wrong one: to branch at each would cost more.
#[inline]
#[cfg(feature = "tower")]
pub(crate) fn is_text(text: &[u8]) -> bool {
    // Sixteen bytes leave four bits of the last character unused: they are zero.
    let Some((last, others)) = text.split_last() else {
        return false;
    };
    let is_of_alphabet = |byte: &u8| VALUES[usize::from(*byte)] != NONE;
    let all = |others: &[u8]| {
        let every = others.iter();
        every.fold(true, |all, byte| all & is_of_alphabet(byte))
    };
    text.len() == LENGTH && all(others) && matches!(last, b'A' | b'Q' | b'g' | b'w')
}

/// Returns the sixteen bytes of a text.
#[cfg(all(
    feature = "tower",
    any(feature = "mask", feature = "overrides", feature = "units")
))]
pub(crate) fn bytes(text: &[u8]) -> Option<[u8; 16]> {
    let add = |bits: u128, byte: &u8| bits << 6 | u128::from(VALUES[usize::from(*byte)]);
    let (last, others) = text.split_last().filter(|_| is_text(text))?;
    // Four of the six bits of the last character are unused.
    let last = u128::from(VALUES[usize::from(*last)] >> 4);
    let bits = others.iter().fold(0, add) << 2 | last;
    Some(bits.to_be_bytes())
}

#[cfg(test)]
#[cfg(feature = "tower")]
mod tests {
    use super::*;

    #[track_caller]
    fn check(bytes: [u8; 16], expected: &str) {
        assert_eq!(text(bytes), expected.as_bytes());
        assert!(is_text(expected.as_bytes()));
        #[cfg(any(feature = "mask", feature = "overrides", feature = "units"))]
        assert_eq!(super::bytes(expected.as_bytes()), Some(bytes));
    }

    #[test]
    fn the_text_is_base64url() {
        check([0; 16], "AAAAAAAAAAAAAAAAAAAAAA");
        check([0xff; 16], "_____________________w");
        check(std::array::from_fn(|i| i as u8), "AAECAwQFBgcICQoLDA0ODw");
        check([0xfb; 16], "-_v7-_v7-_v7-_v7-_v7-w");
    }

    #[test]
    fn another_text_is_none() {
        for bad in [
            "",
            "AAAAAAAAAAAAAAAAAAAAA",
            "AAAAAAAAAAAAAAAAAAAAAAA",
            "AAAAAAAAAAAAAAAAAAAAAB",
            "AAAAAAAAAA+AAAAAAAAAAA",
            "AAAAAAAAAA=AAAAAAAAAAA",
            "ÄAAAAAAAAAAAAAAAAAAAA",
        ] {
            assert!(!is_text(bad.as_bytes()), "{bad}");
            #[cfg(any(feature = "mask", feature = "overrides", feature = "units"))]
            assert_eq!(bytes(bad.as_bytes()), None, "{bad}");
        }
    }
}
