//! Reading single cookies. Parsing all of them would cost more than assigning does.

use http::{HeaderMap, header::COOKIE};

/// Returns the first value that `read` accepts among the cookies with this name, over all `Cookie`
/// headers in order. A value may be any bytes but `;`.
#[inline]
pub(crate) fn find<'a, T>(
    headers: &'a HeaderMap,
    name: &str,
    mut read: impl FnMut(&'a [u8]) -> Option<T>,
) -> Option<T> {
    // HTTP/2 may split the cookies into several fields (RFC 9113, section 8.2.3).
    for header in headers.get_all(COOKIE) {
        for cookie in cookies(header.as_bytes()) {
            if let Some(found) = value_of(cookie, name).and_then(&mut read) {
                return Some(found);
            }
        }
    }
    None
}

/// Returns the texts between the semicolons of a line. They are found with `memchr`, because a browser
/// may send kilobytes.
#[inline]
fn cookies(line: &[u8]) -> impl Iterator<Item = &[u8]> {
    let ends = memchr::memchr_iter(b';', line).chain([line.len()]);
    let mut start = 0;
    ends.filter_map(move |end| line.get(std::mem::replace(&mut start, end + 1)..end))
}

/// Returns the value if the pair has this name. White space around both is removed. Names are compared
/// with case.
#[inline]
fn value_of<'a>(cookie: &'a [u8], name: &str) -> Option<&'a [u8]> {
    let behind = cookie.trim_ascii_start().strip_prefix(name.as_bytes())?;
    let value = behind.trim_ascii_start().strip_prefix(b"=")?;
    Some(value.trim_ascii())
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    #[track_caller]
    fn check(lines: &[&[u8]], name: &str, expected: &[&[u8]]) {
        let mut headers = HeaderMap::new();
        for line in lines {
            headers.append(COOKIE, HeaderValue::from_bytes(line).unwrap());
        }
        let mut found = Vec::new();
        let nothing: Option<()> = find(&headers, name, |value| {
            found.push(value);
            None
        });
        assert!(nothing.is_none());
        assert_eq!(found, expected);
    }

    #[test]
    fn values_are_found_in_order() {
        check(&[], "a", &[]);
        check(&[b"a=1; b=2"], "a", &[b"1"]);
        check(&[b"a=1;b=2", b"a=3"], "a", &[b"1", b"3"]);
        check(&[b" a = 1 ;\tb=2=3"], "b", &[b"2=3"]);
        check(&[b"a="], "a", &[b""]);
    }

    #[test]
    fn malformed_pairs_and_other_names_are_ignored() {
        check(
            &[b"", b";;;", b"a", b"=1", b";aa=1;a b=2;A=3;ba=4"],
            "a",
            &[],
        );
    }

    #[test]
    fn bytes_that_are_no_text_are_left_to_the_reader() {
        check(&[b"\xff=1; a=\xff\xfe; b=1"], "a", &[b"\xff\xfe"]);
    }
}
