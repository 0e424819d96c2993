//! Reading single cookies. Parsing all of them would cost more than assigning does.

use http::{HeaderMap, header::COOKIE};

/// Returns the cookies of all `Cookie` headers in order, as name and value.
///
/// What is not a pair is skipped. A value may be any bytes but `;`: whoever wants it decides
/// what it may be.
pub(super) fn pairs(headers: &HeaderMap) -> impl Iterator<Item = (&[u8], &[u8])> {
    let headers = headers.get_all(COOKIE).into_iter();
    headers
        .flat_map(|header| header.as_bytes().split(|byte| *byte == b';'))
        .filter_map(pair)
}

fn pair(cookie: &[u8]) -> Option<(&[u8], &[u8])> {
    let equals = cookie.iter().position(|byte| *byte == b'=')?;
    let (name, value) = (&cookie[..equals], &cookie[equals + 1..]);
    let name = name.trim_ascii();
    (!name.is_empty()).then(|| (name, value.trim_ascii()))
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    #[track_caller]
    fn check(headers: &[&[u8]], expected: &[(&str, &[u8])]) {
        let mut map = HeaderMap::new();
        for header in headers {
            map.append(COOKIE, HeaderValue::from_bytes(header).unwrap());
        }
        let expected: Vec<_> = expected
            .iter()
            .map(|(name, value)| (name.as_bytes(), *value))
            .collect();
        assert_eq!(pairs(&map).collect::<Vec<_>>(), expected);
    }

    #[test]
    fn pairs_are_read_in_order() {
        check(&[], &[]);
        check(&[b"a=1; b=2"], &[("a", b"1"), ("b", b"2")]);
        check(
            &[b"a=1;b=2", b"a=3"],
            &[("a", b"1"), ("b", b"2"), ("a", b"3")],
        );
        check(&[b" a = 1 ;\tb=2=3"], &[("a", b"1"), ("b", b"2=3")]);
    }

    #[test]
    fn what_is_no_pair_is_skipped() {
        check(&[b"", b";;;", b"a", b"=1", b";a=;b"], &[("a", b"")]);
    }

    #[test]
    fn bytes_that_are_no_text_are_left_to_the_reader() {
        check(&[b"a=\xff\xfe; b=1"], &[("a", b"\xff\xfe"), ("b", b"1")]);
    }
}
