//! The items of list headers, and the directives of `Cache-Control` among them.

use http::HeaderValue;

/// Returns whether an item is a directive of this name. `private="x"` is not `private`: it restricts a
/// field and not the response.
pub(crate) fn is_directive(item: &[u8], name: &str) -> bool {
    let end = item.iter().position(|byte| *byte == b'=');
    let (found, value) = item.split_at(end.unwrap_or(item.len()));
    let is_whole = name != "private" || value.is_empty();
    is_whole && found.trim_ascii_end().eq_ignore_ascii_case(name.as_bytes())
}

/// Returns the items of a list header, over all its lines.
pub(crate) fn items<'a>(
    lines: impl Iterator<Item = &'a HeaderValue>,
) -> impl Iterator<Item = &'a [u8]> {
    let items = lines.flat_map(|line| line.as_bytes().split(|byte| *byte == b','));
    items
        .map(|item| item.trim_ascii())
        .filter(|item| !item.is_empty())
}
