//! Where a request carries what another service passed to it.

use http::{HeaderMap, HeaderName};

/// The name of the header that carries keys and choices to the next service.
///
/// [`Assignments::propagated`](crate::Assignments::propagated) makes its value. The value is encrypted, but
/// it is valid for whoever has it, so a proxy must remove the header from requests and responses at the edge.
///
/// ```
/// use tower_tracks::middleware::TRACKS_PROPAGATION;
///
/// assert_eq!(TRACKS_PROPAGATION, "tracks-propagation");
/// ```
pub const TRACKS_PROPAGATION: HeaderName = HeaderName::from_static("tracks-propagation");

/// The same name, with an address.
pub(crate) static PROPAGATION_HEADER: HeaderName = TRACKS_PROPAGATION;

/// The header of W3C baggage.
const BAGGAGE: HeaderName = HeaderName::from_static("baggage");

/// The key of our member of the baggage.
pub(super) const MEMBER: &str = "tracks";

/// The length of a value, and of all baggage, of which nothing beyond is read.
pub(super) const LONGEST: usize = 8192;

/// The values that a request carries.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Carried<'a> {
    Nothing,
    One(&'a [u8]),
    /// Of several values, it is not known which one the service before made.
    Several,
}

impl<'a> Carried<'a> {
    /// Returns the value in the header, otherwise in the baggage.
    ///
    /// The header takes precedence, because a library for traces may forward the baggage of the first service
    /// to all others.
    pub(super) fn by(headers: &'a HeaderMap) -> Self {
        let lines = headers.get_all(TRACKS_PROPAGATION).iter();
        match Self::of(lines.map(|line| line.as_bytes())) {
            Self::Nothing => Self::of(members(headers)),
            carried => carried,
        }
    }

    fn of(mut values: impl Iterator<Item = &'a [u8]>) -> Self {
        match (values.next(), values.next()) {
            (None, _) => Self::Nothing,
            (Some(value), None) => Self::One(value),
            (Some(_), Some(_)) => Self::Several,
        }
    }
}

/// Removes what another service passed. Baggage of others alone stays.
#[cfg(feature = "ofrep")]
pub(crate) fn remove(headers: &mut HeaderMap) {
    headers.remove(TRACKS_PROPAGATION);
    if members(headers).next().is_some() {
        headers.remove(BAGGAGE);
    }
}

/// Returns the values of our members of the baggage, without their properties.
fn members(headers: &HeaderMap) -> impl Iterator<Item = &[u8]> {
    let mut left = LONGEST;
    let lines = headers.get_all(BAGGAGE).iter().map(|line| line.as_bytes());
    let read = lines.map_while(move |line| {
        left = left.checked_sub(line.len())?;
        Some(line)
    });
    let members = read.flat_map(|line| line.split(|byte| *byte == b','));
    members.filter_map(|member| {
        let rest = member.trim_ascii_start().strip_prefix(MEMBER.as_bytes())?;
        let value = rest.trim_ascii_start().strip_prefix(b"=")?;
        Some(value.split(|byte| *byte == b';').next()?.trim_ascii())
    })
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    #[track_caller]
    fn check(lines: &[(HeaderName, &str)], expected: Carried<'_>) {
        let mut headers = HeaderMap::new();
        for (name, value) in lines {
            headers.append(name, HeaderValue::from_str(value).unwrap());
        }
        assert_eq!(Carried::by(&headers), expected);
    }

    #[test]
    fn one_value_is_found() {
        check(&[], Carried::Nothing);
        check(&[(TRACKS_PROPAGATION, "a")], Carried::One(b"a"));
        for baggage in [
            "tracks=a",
            " tracks = a ;ttl=5;x",
            "user=1,tracks=a,mytracks=b",
            "tracksy=b, tracks=a",
        ] {
            check(&[(BAGGAGE, baggage)], Carried::One(b"a"));
        }
        check(
            &[(BAGGAGE, "tracks"), (BAGGAGE, "Tracks=b;tracks=c")],
            Carried::Nothing,
        );
    }

    #[test]
    fn the_header_takes_precedence_over_the_baggage() {
        let lines = [(BAGGAGE, "tracks=b"), (TRACKS_PROPAGATION, "a")];
        check(&lines, Carried::One(b"a"));
    }

    #[test]
    fn several_values_are_none() {
        check(
            &[(TRACKS_PROPAGATION, "a"), (TRACKS_PROPAGATION, "a")],
            Carried::Several,
        );
        check(&[(BAGGAGE, "tracks=a,tracks=a")], Carried::Several);
        check(
            &[(BAGGAGE, "tracks=a"), (BAGGAGE, "tracks=b")],
            Carried::Several,
        );
    }

    #[test]
    fn baggage_is_read_up_to_8_kilobytes() {
        let filler = format!("x={}", "y".repeat(LONGEST - 2 - "tracks=a".len()));
        let lines = [(BAGGAGE, &*filler), (BAGGAGE, "tracks=a")];
        check(&lines, Carried::One(b"a"));
        let longer = filler + "y";
        let lines = [(BAGGAGE, &*longer), (BAGGAGE, "tracks=a")];
        check(&lines, Carried::Nothing);
    }
}
