//! Sixteen bytes as 32 lower-case hexadecimal digits, and back.

/// Returns the digits.
#[cfg(any(
    test,
    feature = "control",
    feature = "files",
    feature = "mask",
    feature = "overrides",
    feature = "record"
))]
pub(crate) fn text(bytes: &[u8; 16]) -> String {
    format!("{:032x}", u128::from_be_bytes(*bytes))
}

/// Returns the bytes of 32 digits. There is one text for each sixteen bytes: capitals are none.
pub(crate) fn read(text: &str) -> Option<[u8; 16]> {
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
            assert_eq!(read(&text(&bytes)), Some(bytes));
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
