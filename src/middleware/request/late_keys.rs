//! The warning about a layer that adds the extension with the key too late.

use http::request::Parts;

use super::{request::Request, visitor_cookies::VisitorCookies};
use crate::middleware::key::VisitorCookie;

impl Request {
    /// Warns, once, about a key that was added after the layer ran. An extractor calls it, because only
    /// a handler's request has the extensions of all inner layers.
    #[inline]
    pub(crate) fn warn_of_late_keys(&self, parts: &Parts) {
        if !self.settings.extensions {
            return;
        }
        // Without the layers around it, because this decides about nothing but a warning.
        let cookies = VisitorCookies::new(&self.settings, std::iter::empty());
        let visitor = |cookie: &VisitorCookie| cookies.find(cookie, &parts.headers);
        let wanted = self
            .settings
            .keys
            .units
            .iter()
            .filter(|unit| unit.is_wanted);
        for unit in wanted {
            if let Some(extension) = unit.sources.late_extension(parts, visitor) {
                self.settings.warnings.late_key(&unit.name, extension);
            }
        }
    }
}
