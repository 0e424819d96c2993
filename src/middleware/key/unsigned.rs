//! Visitor cookies without a feature that has a secret: they are not signed. This file replaces
//! `signing.rs`.

use std::marker::PhantomData;

use http::HeaderMap;

use crate::assign::Key;

use super::{cookies, sources::Found, visitor_cookie::VisitorCookie};
use crate::middleware::{request::Assignments, settings::Settings};

/// No signing.
#[derive(Debug, Clone, Default)]
pub(crate) struct Signing;

impl Signing {
    #[cfg(feature = "test-util")]
    pub(crate) fn off_by_default(&mut self) {}

    pub(crate) fn forget_resolved(&mut self) {}
}

/// Reads and writes the visitors' cookies of a request under a layer.
#[derive(Clone, Copy)]
pub(crate) struct VisitorCookies<'s>(PhantomData<&'s Settings>);

impl<'s> VisitorCookies<'s> {
    pub(crate) fn new(_: &'s Settings, _: Option<&'s Assignments>) -> Self {
        Self(PhantomData)
    }

    /// Returns the key in the first cookie that has one.
    #[inline]
    pub(crate) fn find<'a>(
        self,
        cookie: &VisitorCookie,
        headers: &'a HeaderMap,
    ) -> Option<Found<'a>> {
        let key = |value| cookie.key(value);
        cookies::find(headers, cookie.name(), key).map(Found::Given)
    }

    /// Returns the value of the cookie that issues a key.
    pub(crate) fn value(self, _: &VisitorCookie, key: &Key<'_>) -> Option<String> {
        String::from_utf8(key.as_bytes().to_vec()).ok()
    }
}
