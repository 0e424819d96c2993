//! The caching headers of a response that depends on an assignment.

use http::{
    HeaderMap, HeaderName, HeaderValue,
    header::{CACHE_CONTROL, CONTENT_TYPE, COOKIE, Entry, OccupiedEntry, VARY, VacantEntry},
};

use super::{
    cache_fields,
    directives::{is_directive, items},
    sharing::{Conflict, Sharing},
};
use crate::middleware::screening::SEC_GPC;

/// Makes the response vary by these headers, in one line: nginx before 1.23 reads only the last line.
#[inline]
pub(crate) fn vary<'a>(
    headers: &mut HeaderMap,
    names: impl Iterator<Item = &'a HeaderName> + Clone,
) {
    match headers.entry(VARY) {
        Entry::Occupied(said) => vary_beside(said, names),
        // Constants, since a value that is chosen at run time would be checked byte by byte.
        Entry::Vacant(none) => match usual(names.clone()) {
            Some((true, true)) => fill(none, const { HeaderValue::from_static("Cookie, Sec-GPC") }),
            Some((true, false)) => fill(none, const { HeaderValue::from_static("Cookie") }),
            Some((false, true)) => fill(none, const { HeaderValue::from_static("Sec-GPC") }),
            Some((false, false)) => {}
            None => {
                if let Some(line) = line_of(names) {
                    fill(none, line);
                }
            }
        },
    }
}

/// Inserts the only line of `Vary`.
#[inline]
fn fill(none: VacantEntry<'_, HeaderValue>, line: HeaderValue) {
    none.insert(line);
}

/// Returns whether the names have `Cookie` and `Sec-GPC`; `None` if they have another one.
#[inline]
fn usual<'a>(names: impl Iterator<Item = &'a HeaderName>) -> Option<(bool, bool)> {
    let (mut has_cookie, mut has_gpc) = (false, false);
    for name in names {
        if *name == COOKIE {
            has_cookie = true;
        } else if std::ptr::eq(name, &SEC_GPC) {
            has_gpc = true;
        } else {
            return None;
        }
    }
    Some((has_cookie, has_gpc))
}

/// Adds a line with the names that the handler did not write.
fn vary_beside<'a>(
    mut said: OccupiedEntry<'_, HeaderValue>,
    names: impl Iterator<Item = &'a HeaderName>,
) {
    let is_new = |name: &&HeaderName| !is_said(said.iter(), name);
    if let Some(line) = line_of(names.filter(is_new)) {
        said.append(line);
    }
}

/// Returns a line with each of these names once.
fn line_of<'a>(names: impl Iterator<Item = &'a HeaderName>) -> Option<HeaderValue> {
    let mut line: Option<HeaderValue> = None;
    for name in names {
        line = Some(match line {
            None => written(name),
            Some(line) if is_said(std::iter::once(&line), name) => line,
            Some(line) => joined(&line, name),
        });
    }
    line
}

/// Makes the response private, or returns that the handler lets others share it. The worse conflict
/// counts.
#[inline]
pub(crate) fn restrict(headers: &mut HeaderMap, sharing: Sharing) -> Option<Conflict> {
    let by_field = cache_fields::restrict(headers, sharing);
    make_private(headers, sharing).max(by_field)
}

/// Returns whether the lines of `Vary` have the name, or `*`.
#[inline]
fn is_said<'a>(lines: impl Iterator<Item = &'a HeaderValue>, name: &HeaderName) -> bool {
    let name = name.as_str().as_bytes();
    items(lines).any(|said| said == b"*" || said.eq_ignore_ascii_case(name))
}

/// Returns a header's name as a value; `Cookie` and `Sec-GPC` in their usual spelling.
fn written(name: &HeaderName) -> HeaderValue {
    if *name == COOKIE {
        HeaderValue::from_static("Cookie")
    } else if *name == SEC_GPC {
        HeaderValue::from_static("Sec-GPC")
    } else {
        HeaderValue::from(name.clone())
    }
}

/// Returns the line with a name added to it.
fn joined(line: &HeaderValue, name: &HeaderName) -> HeaderValue {
    let names = [line.as_bytes(), written(name).as_bytes()].join(&b", "[..]);
    // Two values with `, ` in between are a value, so this does not fail.
    HeaderValue::try_from(names).unwrap_or(line.clone())
}

/// Adds `Cache-Control: private`, unless the handler has decided otherwise.
#[inline]
fn make_private(headers: &mut HeaderMap, sharing: Sharing) -> Option<Conflict> {
    let private = HeaderValue::from_static("private");
    match headers.entry(CACHE_CONTROL) {
        Entry::Vacant(none) => {
            none.insert(private);
            None
        }
        Entry::Occupied(said) => make_private_beside(said, private, sharing),
    }
}

/// Respects the directives of the handler: `private` and `no-store` are kept; `public` and `s-maxage`
/// are kept or removed according to `sharing`; others, such as `max-age`, get a `private` beside them.
fn make_private_beside(
    mut said: OccupiedEntry<'_, HeaderValue>,
    private: HeaderValue,
    sharing: Sharing,
) -> Option<Conflict> {
    let says = |wanted: &[&str]| {
        let is_wanted = |item: &[u8]| wanted.iter().any(|name| is_directive(item, name));
        items(said.iter()).any(is_wanted)
    };
    match (
        says(&["private", "no-store"]),
        says(&["public", "s-maxage"]),
        sharing,
    ) {
        (true, ..) => None,
        (false, true, Sharing::Handler) => Some(Conflict::Left),
        (false, true, Sharing::Never) => {
            let overruled = overruled(said.iter());
            said.insert(overruled);
            Some(Conflict::Overruled)
        }
        (false, false, _) => {
            said.append(private);
            None
        }
    }
}

/// Returns all directives but `public` and `s-maxage`, and `private`.
fn overruled<'a>(said: impl Iterator<Item = &'a HeaderValue>) -> HeaderValue {
    let shared = |item: &&[u8]| is_directive(item, "public") || is_directive(item, "s-maxage");
    let kept = items(said).filter(|item| !shared(item));
    let directives: Vec<&[u8]> = kept.chain([&b"private"[..]]).collect();
    let overruled = HeaderValue::from_bytes(&directives.join(&b", "[..]));
    // Parts of a value are values, so this does not fail. If it did, the response would still be
    // private.
    overruled.unwrap_or(HeaderValue::from_static("private"))
}

/// Returns whether the response is one of gRPC. No cache stores it, and each line of its head costs
/// bytes.
#[inline]
pub(crate) fn is_grpc(headers: &HeaderMap) -> bool {
    let content_type = headers.get(CONTENT_TYPE);
    content_type.is_some_and(|value| value.as_bytes().starts_with(b"application/grpc"))
}
