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

/// Sees to it that a request ends once, however it ends.
///
/// A response or an error ends it; if the guard is dropped before, the request ends as cancelled,
/// or as panicked when the service never returned from being called.
pub(crate) struct Guard {
    /// None when an outer service of the same layer has the request, or when it has ended.
    assignments: Option<Assignments>,
    in_service: bool,
}

impl Guard {
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

    /// Ends the request with a response, and writes into it what was read.
    pub(crate) fn complete(&mut self, status: StatusCode, headers: &mut HeaderMap) {
        if let Some(Assignments(request)) = self.assignments.take() {
            let status = status.as_u16();
            request.end(Outcome::Completed { status });
            write_exposures(&request, headers);
            #[cfg(feature = "overrides")]
            keep_overrides(&request, headers);
            #[cfg(feature = "overrides")]
            tell_verdict(&request, headers);
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

/// Lets the browser keep, or forget, what forces its tracks.
#[cfg(feature = "overrides")]
fn keep_overrides(request: &Request, headers: &mut HeaderMap) {
    let forced = request.forced.as_ref().filter(|_| !request.is_head());
    if let Some(cookie) = forced.and_then(|forced| forced.cookie()) {
        headers.append(SET_COOKIE, cookie);
        keep_private(request, headers);
    }
}

/// Adds the result of the token in the query, if the request asks for it.
#[cfg(feature = "overrides")]
fn tell_verdict(request: &Request, headers: &mut HeaderMap) {
    let forced = request.forced.as_ref();
    if let Some(verdict) = forced.and_then(|forced| forced.verdict()) {
        headers.append(TRACKS_OVERRIDE, verdict.clone());
        keep_private(request, headers);
    }
}

/// Issues visitors' cookies, and returns whether what was sent depends on such a visitor.
fn issue_cookies(request: &Request, headers: &mut HeaderMap) -> bool {
    let mut issued = false;
    for (cookie, key) in request.issuances() {
        issued = true;
        // An inner layer, or another unit, may have issued it.
        if request.is_silent() || is_set(cookie, headers) {
            continue;
        }
        if cookie.is_secure() && request.is_loopback {
            let warnings = &request.settings.warnings;
            warnings.secure_cookie_over_loopback(cookie.name());
        }
        let value = request.cookies().value(cookie, &key.key);
        if let Some(value) = value.and_then(|value| cookie.issue(&value)) {
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

/// Tells caches by what the response varies, and who may share it.
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

fn restrict(request: &Request, headers: &mut HeaderMap, sharing: Sharing) {
    if let Some(conflict) = caching::restrict(headers, sharing) {
        request.settings.warnings.public_response(conflict);
    }
}

fn is_set(cookie: &VisitorCookie, headers: &HeaderMap) -> bool {
    let set = headers.get_all(SET_COOKIE).into_iter();
    set.filter_map(|set| set.as_bytes().strip_prefix(cookie.name().as_bytes()))
        .any(|rest| rest.starts_with(b"="))
}
