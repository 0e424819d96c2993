//! Base64, for the credentials of basic authentication. A crate for 20 lines would be one more
//! dependency.

/// The digits for the values from 0 to 63.
const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// Returns bytes as base64 (RFC 4648, section 4), with its padding.
pub(super) fn encode(bytes: &[u8]) -> String {
    bytes.chunks(3).flat_map(four).collect()
}

/// Returns the four characters of one to three bytes.
fn four(chunk: &[u8]) -> [char; 4] {
    let byte = |index: usize| chunk.get(index).copied().unwrap_or_default();
    let bits = u32::from_be_bytes([0, byte(0), byte(1), byte(2)]);
    std::array::from_fn(|index| match index <= chunk.len() {
        true => char::from(DIGITS[(bits >> (18 - 6 * index)) as usize & 63]),
        false => '=',
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// These are the vectors of RFC 4648, section 10, and two of Python's `base64`.
    #[test]
    fn it_is_that_of_the_rfc() {
        for (text, expected) in [
            ("", ""),
            ("f", "Zg=="),
            ("fo", "Zm8="),
            ("foo", "Zm9v"),
            ("foob", "Zm9vYg=="),
            ("fooba", "Zm9vYmE="),
            ("foobar", "Zm9vYmFy"),
            ("\u{fb}\u{ff}?>", "w7vDvz8+"),
            ("owner:coconut", "b3duZXI6Y29jb251dA=="),
        ] {
            assert_eq!(encode(text.as_bytes()), expected, "{text}");
        }
    }
}
