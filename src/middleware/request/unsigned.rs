//! The visitors' cookies of a request, without a feature that has a secret: they are not signed. This
//! file replaces `visitor_cookies.rs`.

use http::HeaderMap;

use crate::{
    assign::Key,
    middleware::{
        key::{Found, VisitorCookie, cookies},
        settings::Settings,
    },
};

/// The arguments are those of the other file. Without a secret, the layers around this one do not matter.
impl Settings {
    /// Returns the key in the first visitor cookie that has one.
    #[inline]
    pub(crate) fn find_visitor<'s, 'a>(
        &'s self,
        cookie: &VisitorCookie,
        _: impl Iterator<Item = &'s Self>,
        headers: &'a HeaderMap,
    ) -> Option<Found<'a>> {
        let key = cookies::find(headers, cookie.name(), VisitorCookie::key)?;
        Some(Found::Given {
            key,
            is_former: false,
        })
    }

    /// Returns the value of the cookie that issues a key.
    pub(crate) fn visitor_value<'s>(
        &'s self,
        _: &VisitorCookie,
        _: impl Iterator<Item = &'s Self>,
        key: &Key<'_>,
    ) -> Option<String> {
        String::from_utf8(key.as_bytes().to_vec()).ok()
    }
}
