//! The end of a request: what is written into its response, and in which order.

#[cfg(feature = "overrides")]
use http::header::COOKIE;
use http::{HeaderMap, StatusCode, header::SET_COOKIE};

use crate::event::Outcome;

use super::{caching, exposure_header, sharing::Sharing};
#[cfg(feature = "overrides")]
use crate::middleware::overrides::TRACKS_OVERRIDE;
use crate::middleware::{
    key::{KeySources, VisitorCookie},
    request::{Assignments, Request},
};

/// Ends a request exactly once.
///
/// A response or an error ends it. If the guard is dropped before, the request ends as cancelled, or as
/// panicked if a call of the service did not return.
pub(crate) struct Guard {
    /// `None` if the request has ended, or an outer service of the same layer ends it.
    assignments: Option<Assignments>,
    /// Whether the service is being called or polled.
    in_service: bool,
}

impl Guard {
    /// Returns the guard of a request that begins.
    pub(crate) fn new(assignments: Option<Assignments>) -> Self {
        Self {
            assignments,
            in_service: false,
        }
    }

    /// Calls into the service. After a panic, the call does not return, unlike after a cancellation: it
    /// may be caught further out, and the guard dropped long after.
    pub(crate) fn watch<R>(&mut self, service: impl FnOnce() -> R) -> R {
        self.in_service = true;
        let result = service();
        self.in_service = false;
        result
    }

    /// Ends the request with a response, and writes the headers into it.
    pub(crate) fn complete(&mut self, status: StatusCode, headers: &mut HeaderMap) {
        // Taken, so that the request does not end again when the guard is dropped.
        if let Some(Assignments(request)) = self.assignments.take() {
            let status = status.as_u16();
            // First: with an observer, a track that is read from here on is late and not in the header.
            request.end(Outcome::Completed { status });
            write_exposures(&request, headers);
            #[cfg(feature = "overrides")]
            write_forced(&request, headers);
            // A response that depends on no choice keeps the caching headers of its handler.
            if request.looked_at().next().is_some() {
                let issued = issue_cookies(&request, headers);
                restrict_caches(&request, issued, headers);
            }
        }
    }

    /// Ends the request with an error.
    pub(crate) fn fail(&mut self) {
        self.end(Outcome::Failed);
    }

    /// Ends the request, unless it has ended.
    fn end(&mut self, outcome: Outcome) {
        if let Some(Assignments(request)) = self.assignments.take() {
            request.end(outcome);
        }
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        self.end(match self.in_service {
            true => Outcome::Panicked,
            false => Outcome::Cancelled,
        });
    }
}

/// Adds the exposure header, if a track was read. A single member without parameters, the usual case,
/// is not formatted anew.
fn write_exposures(request: &Request, headers: &mut HeaderMap) {
    let Some(name) = &request.settings.header else {
        return;
    };
    let mut members = request.members();
    let value = match (members.next(), members.next()) {
        (None, _) => None,
        (Some((single, parameters)), None) if parameters.are_none() => Some(single.clone()),
        _ => exposure_header::join(request.members()),
    };
    if let Some(value) = value {
        exposure_header::append(headers, name, value);
    }
}

/// Adds the cookie that stores or removes the tokens, and the verdict about the token in the query.
#[cfg(feature = "overrides")]
fn write_forced(request: &Request, headers: &mut HeaderMap) {
    let Some(forced) = &request.forced else {
        return;
    };
    let cookie = forced.cookie.as_ref().filter(|_| !request.is_head);
    let cookie = cookie.map(|cookie| (SET_COOKIE, cookie));
    let verdict = forced.verdict.as_ref();
    let verdict = verdict.map(|verdict| (TRACKS_OVERRIDE, verdict));
    for (name, value) in cookie.into_iter().chain(verdict) {
        headers.append(name, value.clone());
        keep_private(request, headers);
    }
}

/// Issues visitor cookies, and returns whether the response depends on a visitor who gets one.
fn issue_cookies(request: &Request, headers: &mut HeaderMap) -> bool {
    let mut issued = false;
    for (cookie, key) in request.issuances() {
        issued = true;
        // An inner layer, or another unit, may have issued it.
        if request.is_silent || is_set(cookie, headers) {
            continue;
        }
        if cookie.is_secure() && request.is_loopback {
            let warnings = &request.settings.warnings;
            warnings.secure_cookie_over_loopback(cookie.name());
        }
        let value = request.cookie_value(cookie, &key.key);
        if let Some(value) = value.and_then(|value| cookie.issue(&value)) {
            // Appended, because the handler may set cookies of its own.
            headers.append(SET_COOKIE, value);
        }
        let is_by_fragment = key.is_issued() && !cookie.is_with_documents();
        if let Some(fragment) = request.fragment().filter(|_| is_by_fragment) {
            let now = request.settings.clock.now();
            request.settings.warnings.new_visitor_by(fragment, now);
        }
    }
    issued
}

/// Adds the headers that the response varies by, and makes it private, if it must be.
fn restrict_caches(request: &Request, issued: bool, headers: &mut HeaderMap) {
    if caching::is_grpc(headers) {
        return;
    }
    let mut sharing = match issued {
        true => Sharing::Never,
        false => Sharing::Handler,
    };
    for (dependence, sources) in request.dependences() {
        sharing = sharing.max(dependence.sharing());
        let by_key = sources.into_iter().flat_map(KeySources::headers);
        caching::vary(headers, by_key.chain(dependence.headers()));
    }
    restrict(request, headers, sharing);
}

/// Keeps a response for one browser out of shared caches.
#[cfg(feature = "overrides")]
fn keep_private(request: &Request, headers: &mut HeaderMap) {
    if !caching::is_grpc(headers) {
        caching::vary(headers, std::iter::once(&COOKIE));
        restrict(request, headers, Sharing::Never);
    }
}

/// Makes the response private, and warns of a handler that lets caches share it.
fn restrict(request: &Request, headers: &mut HeaderMap, sharing: Sharing) {
    if let Some(conflict) = caching::restrict(headers, sharing) {
        request.settings.warnings.public_response(conflict);
    }
}

/// Returns whether the response already sets the cookie, for instance to clear it.
fn is_set(cookie: &VisitorCookie, headers: &HeaderMap) -> bool {
    let set = headers.get_all(SET_COOKIE).into_iter();
    // With the `=`, because the name of another cookie may begin with this one.
    set.filter_map(|set| set.as_bytes().strip_prefix(cookie.name().as_bytes()))
        .any(|rest| rest.starts_with(b"="))
}
