//! Visitors' cookies, as a layer accepts them.

use std::{convert::Infallible, sync::OnceLock};

use futures_util::FutureExt;
use http::{Request, Response};
use tower::{Layer, ServiceExt, service_fn};
use tower_tracks::{Assignments, TracksLayer, VisitorCookie};

use crate::support::{always, cookies, request};

use super::signing;

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// Returns the id of sixteen bytes, as a number: 22 characters of base64url.
pub(super) fn id(number: u128) -> String {
    let character = |index: u32| {
        let six = if index == 21 {
            number << 4
        } else {
            number >> (122 - 6 * index)
        };
        char::from(ALPHABET[(six & 63) as usize])
    };
    (0..22).map(character).collect()
}

/// Returns the value of the cookie of such an id.
pub(super) fn value(number: u128) -> String {
    signing().value(id(number))
}

/// Returns the tag of 32 digits, as a cookie has it.
pub(super) fn tag(digits: &str) -> String {
    id(u128::from_str_radix(digits, 16).unwrap())
}

/// Returns the 32 digits of the tag of a cookie.
pub(super) fn digits(value: &str) -> String {
    let tag = &value[value.len() - 22..];
    let six = |character: u8| ALPHABET.iter().position(|one| *one == character).unwrap() as u128;
    let (last, first) = tag.as_bytes().split_last().unwrap();
    let bits = first.iter().fold(0, |bits, one| bits << 6 | six(*one));
    format!("{:032x}", bits << 2 | six(*last) >> 4)
}

/// Returns whether a layer takes a value for a visitor's cookie, and so issues no other.
pub(super) fn is_accepted(value: &str) -> bool {
    static LAYER: OnceLock<TracksLayer> = OnceLock::new();
    let layer = LAYER.get_or_init(|| {
        let layer = TracksLayer::new(always("delay")).key(VisitorCookie::plain());
        layer.sign(signing())
    });
    let service = layer.layer(service_fn(async |request: Request<()>| {
        let assignments: &Assignments = request.extensions().get().unwrap();
        assignments.iter().for_each(|one| drop(one.to_string()));
        Ok::<_, Infallible>(Response::new(()))
    }));
    let cookie = format!("tracks={value}");
    // What no header can have, no client can send.
    let Ok(cookie) = http::HeaderValue::from_str(&cookie) else {
        return false;
    };
    let mut request: Request<()> = request("GET", "/", &[]);
    request.headers_mut().insert("cookie", cookie);
    let response = service.oneshot(request).now_or_never().unwrap().unwrap();
    cookies(response.headers()).is_empty()
}
