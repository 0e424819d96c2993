//! Sixteen bytes as 32 lower-case hexadecimal digits, and back.

use std::fmt;

/// Sixteen bytes, of which `Display` writes the digits.
#[derive(Clone, Copy)]
pub(crate) struct Hex(pub(crate) [u8; 16]);

impl fmt::Display for Hex {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:032x}", u128::from_be_bytes(self.0))
    }
}

/// Returns the bytes of 32 digits. There is one text for each sixteen bytes: capitals are none.
pub(crate) fn read(text: &str) -> Option<[u8; 16]> {
    // The parser of integers also accepts capitals and a sign.
    let is_digit = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
    let shaped = text.len() == 32 && text.bytes().all(is_digit);
    let number = shaped.then(|| u128::from_str_radix(text, 16).ok())??;
    Some(number.to_be_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_round_trips() {
        for bytes in [
            [0; 16],
            [0xff; 16],
            std::array::from_fn(|index| index as u8),
        ] {
            assert_eq!(read(&Hex(bytes).to_string()), Some(bytes));
        }
    }

    #[test]
    fn anything_else_is_not() {
        let digits = "0123456789abcdef0123456789abcdef";
        assert!(read(digits).is_some());
        for bad in [
            "",
            &digits[1..],
            &format!("{digits}0"),
            &digits.to_uppercase(),
            &digits.replacen('0', "+", 1),
            &digits.replacen("01", "é", 1),
        ] {
            assert_eq!(read(bad), None, "{bad}");
        }
    }
}
