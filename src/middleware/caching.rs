//! What a response that depends on an assignment says to the caches on its way.

use http::{
    HeaderMap, HeaderName, HeaderValue,
    header::{CACHE_CONTROL, CONTENT_TYPE, COOKIE, VARY},
};

/// Whether a shared cache may have the response.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sharing {
    /// If the handler says so, for those who ask alike.
    Handler,
    /// Not even then: it has a new visitor's cookie, or depends on what `Vary` does not name.
    Never,
}

/// What was done about a handler that said `public` or `s-maxage`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Conflict {
    /// Its word was left.
    Left,
    /// It was overruled.
    Overruled,
}

/// Makes the response vary by the headers that its choice depends on, and private.
pub(super) fn restrict<'a>(
    headers: &mut HeaderMap,
    vary: impl Iterator<Item = &'a HeaderName>,
    sharing: Sharing,
) -> Option<Conflict> {
    if is_grpc(headers) {
        return None;
    }
    vary.for_each(|name| vary_by(headers, name));
    make_private(headers, sharing)
}

fn vary_by(headers: &mut HeaderMap, name: &HeaderName) {
    let is_said = |said: &[u8]| said == b"*" || said.eq_ignore_ascii_case(name.as_str().as_bytes());
    if !items(headers, VARY).any(is_said) {
        headers.append(VARY, written(name));
    }
}

/// Returns a header's name as a value; `Cookie` as everybody writes it.
fn written(name: &HeaderName) -> HeaderValue {
    if *name == COOKIE {
        HeaderValue::from_static("Cookie")
    } else {
        HeaderValue::from(name.clone())
    }
}

fn make_private(headers: &mut HeaderMap, sharing: Sharing) -> Option<Conflict> {
    let says = |wanted: &[&str]| {
        let is_wanted = |item: &[u8]| wanted.iter().any(|name| is_directive(item, name));
        items(headers, CACHE_CONTROL).any(is_wanted)
    };
    if says(&["private", "no-store"]) {
        return None;
    }
    if !says(&["public", "s-maxage"]) {
        headers.append(CACHE_CONTROL, HeaderValue::from_static("private"));
        return None;
    }
    if sharing == Sharing::Handler {
        return Some(Conflict::Left);
    }
    overrule(headers);
    Some(Conflict::Overruled)
}

/// Takes `public` and `s-maxage` away, keeps all else, and adds `private`.
fn overrule(headers: &mut HeaderMap) {
    let shared = |item: &&[u8]| is_directive(item, "public") || is_directive(item, "s-maxage");
    let kept = items(headers, CACHE_CONTROL).filter(|item| !shared(item));
    let directives: Vec<&[u8]> = kept.chain([&b"private"[..]]).collect();
    if let Ok(value) = HeaderValue::from_bytes(&directives.join(&b", "[..])) {
        headers.insert(CACHE_CONTROL, value);
    }
}

/// Whether an item is a directive of this name. `private="x"` is not `private`: it restricts a
/// field, and not the response.
fn is_directive(item: &[u8], name: &str) -> bool {
    let end = item.iter().position(|byte| *byte == b'=');
    let (found, value) = item.split_at(end.unwrap_or(item.len()));
    let is_whole = name != "private" || value.is_empty();
    is_whole && found.trim_ascii_end().eq_ignore_ascii_case(name.as_bytes())
}

/// Returns the items of a list header, over all its lines.
fn items(headers: &HeaderMap, name: HeaderName) -> impl Iterator<Item = &[u8]> {
    let lines = headers.get_all(name).into_iter();
    let items = lines.flat_map(|line| line.as_bytes().split(|byte| *byte == b','));
    items
        .map(|item| item.trim_ascii())
        .filter(|item| !item.is_empty())
}

fn is_grpc(headers: &HeaderMap) -> bool {
    let content_type = headers.get(CONTENT_TYPE);
    content_type.is_some_and(|value| value.as_bytes().starts_with(b"application/grpc"))
}
