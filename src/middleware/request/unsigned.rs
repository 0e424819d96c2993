//! The visitors' cookies of a request, without a feature that has a secret: they are not signed. This
//! file replaces `visitor_cookies.rs`.

use std::marker::PhantomData;

use http::HeaderMap;

use crate::{
    assign::Key,
    middleware::{
        key::{Found, VisitorCookie, cookies},
        settings::Settings,
    },
};

/// Reads and writes the visitors' cookies of a request under a layer.
pub(crate) struct VisitorCookies<'s, O>(PhantomData<(&'s Settings, O)>);

impl<'s, O: Iterator<Item = &'s Settings> + Clone> VisitorCookies<'s, O> {
    /// Takes the same arguments as the other file, and needs none of them.
    pub(crate) fn new(_: &'s Settings, _: O) -> Self {
        Self(PhantomData)
    }

    /// Returns the key in the first cookie that has one.
    #[inline]
    pub(crate) fn find<'a>(
        &self,
        cookie: &VisitorCookie,
        headers: &'a HeaderMap,
    ) -> Option<Found<'a>> {
        let key = |value| cookie.key(value);
        cookies::find(headers, cookie.name(), key).map(Found::Given)
    }

    /// Returns the value of the cookie that issues a key.
    pub(crate) fn value(&self, _: &VisitorCookie, key: &Key<'_>) -> Option<String> {
        String::from_utf8(key.as_bytes().to_vec()).ok()
    }
}
