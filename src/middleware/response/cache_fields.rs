//! Fields beside `Cache-Control` that single caches obey before it, such as `Surrogate-Control`,
//! `CDN-Cache-Control` and `X-Accel-Expires`.
//!
//! `Expires` is none of them: it counts nowhere that `Cache-Control: private` is said.

use http::{HeaderMap, HeaderName, HeaderValue};

use super::{
    directives::{is_directive, items},
    sharing::{Conflict, Sharing},
};

/// The directives with which such a field keeps a cache from storing the response.
const REFUSALS: [&str; 4] = ["private", "no-store", "no-cache", "bypass-cache"];

/// Keeps or removes the fields that let a cache store the response, and returns the conflict, if there
/// is one.
#[inline]
pub(crate) fn restrict(headers: &mut HeaderMap, sharing: Sharing) -> Option<Conflict> {
    // Nearly always there is none, and this is all that is done.
    if !headers.keys().any(is_obeyed) {
        return None;
    }
    let lets = |(name, value): &(&HeaderName, &HeaderValue)| is_obeyed(name) && !refuses(value);
    let found: Vec<HeaderName> = headers
        .iter()
        .filter(lets)
        .map(|(name, _)| name.clone())
        .collect();
    if found.is_empty() {
        return None;
    }
    Some(match sharing {
        Sharing::Handler => Conflict::Left,
        Sharing::Never => {
            found.iter().for_each(|name| drop(headers.remove(name)));
            Conflict::Overruled
        }
    })
}

/// Returns whether a cache obeys the field of this name. The last letter rules out most names.
#[inline(always)]
fn is_obeyed(name: &HeaderName) -> bool {
    let name = name.as_str();
    matches!(name.as_bytes(), [.., b'l' | b's']) && is_vendors(name)
}

/// Returns whether it is the name of a vendor's field. They are named after `Cache-Control`.
fn is_vendors(name: &str) -> bool {
    let vendor = name.strip_suffix("-control");
    let is_control = |it: &str| it.ends_with("-cache") || matches!(it, "surrogate" | "edge");
    vendor.is_some_and(is_control) || name == "x-accel-expires"
}

/// Returns whether the field keeps caches from storing the response.
fn refuses(value: &HeaderValue) -> bool {
    let is_refusal = |item: &[u8]| REFUSALS.iter().any(|name| is_directive(item, name));
    // `X-Accel-Expires` says in seconds, or as `@` and a time, for how long.
    value.as_bytes().trim_ascii() == b"0" || items(std::iter::once(value)).any(is_refusal)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(name: &str, value: &str, expected: Option<Conflict>) {
        let mut headers = HeaderMap::new();
        let name: HeaderName = name.parse().unwrap();
        headers.insert(name.clone(), value.parse().unwrap());
        assert_eq!(restrict(&mut headers, Sharing::Never), expected, "{name}");
        let is_removed = expected == Some(Conflict::Overruled);
        assert_eq!(headers.is_empty(), is_removed, "{name}");
        headers.insert(name.clone(), value.parse().unwrap());
        let is_left = restrict(&mut headers, Sharing::Handler) == Some(Conflict::Left);
        assert_eq!(is_left, is_removed, "{name}");
        assert_eq!(headers[&name], value);
    }

    #[test]
    fn fields_that_caches_obey() {
        for name in [
            "Surrogate-Control",
            "CDN-Cache-Control",
            "Cloudflare-CDN-Cache-Control",
            "Fastly-CDN-Cache-Control",
            "Netlify-CDN-Cache-Control",
            "Vercel-CDN-Cache-Control",
            "Akamai-Cache-Control",
            "Edge-Control",
            "X-LiteSpeed-Cache-Control",
        ] {
            check(name, "max-age=600", Some(Conflict::Overruled));
            check(name, "public, max-age=600", Some(Conflict::Overruled));
            check(name, "max-age=600, no-store", None);
            check(name, "Private", None);
        }
        check("X-Accel-Expires", "600", Some(Conflict::Overruled));
        check("X-Accel-Expires", "@1900000000", Some(Conflict::Overruled));
        check("X-Accel-Expires", "0", None);
        check("Edge-Control", "bypass-cache", None);
    }

    #[test]
    fn fields_that_are_none_of_them() {
        for name in [
            "Cache-Control",
            "Expires",
            "X-DNS-Prefetch-Control",
            "Content-Disposition",
            "Access-Control-Allow-Credentials",
            "ETag",
        ] {
            check(name, "public, max-age=600", None);
        }
    }

    #[test]
    fn one_of_several_lines_is_enough() {
        let mut headers = HeaderMap::new();
        for value in ["no-store", "max-age=600"] {
            headers.append("surrogate-control", HeaderValue::from_static(value));
        }
        let conflict = restrict(&mut headers, Sharing::Never);
        assert_eq!(conflict, Some(Conflict::Overruled));
        assert!(headers.is_empty());
    }
}
