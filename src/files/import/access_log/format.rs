use std::borrow::Cow;

use crate::store::Timestamp;

use super::{captures, fields, quoted, time};

/// The format of an access log.
///
/// The guide [about logs](crate::guide::logs) has the configuration of nginx, HAProxy, Apache and
/// Caddy, and of Traefik and Envoy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccessLog {
    kind: Kind,
    /// The offset of times that have none, in minutes.
    utc_offset: Option<i16>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Kind {
    Combined,
    HaProxy { capture: usize },
    Json { time: Box<str>, header: Box<str> },
}

/// The header of a line, and the time when it was logged, or why there is none.
#[derive(Debug, PartialEq)]
pub(in crate::files::import) struct Logged<'a> {
    pub(in crate::files::import) header: Cow<'a, str>,
    pub(in crate::files::import) at: Result<Timestamp, &'static str>,
}

/// The texts of a line, as they stand there.
pub(super) struct Found<'a> {
    pub(super) header: Cow<'a, str>,
    pub(super) time: Option<Cow<'a, str>>,
}

impl AccessLog {
    /// Returns the *combined* format with the header in quotes at the end of the line.
    ///
    /// The time is what stands in the last square brackets before the first quote. Quotes within
    /// the header may be escaped, as `\x22` by nginx or `\"` by Apache, or not, as HAProxy and
    /// Envoy write them.
    pub fn combined() -> Self {
        Self::new(Kind::Combined)
    }

    /// Returns the log of HAProxy with captured response headers in braces before the request, as
    /// `option httplog` and `%hs` write them.
    ///
    /// The time is the first one in square brackets. `option httplog` writes it without a time
    /// zone, so either [`utc_offset`](Self::utc_offset) is needed, or a `log-format` with `%trg` in
    /// the place of `%tr`.
    pub fn haproxy() -> Self {
        Self::new(Kind::HaProxy { capture: 1 })
    }

    /// Returns lines of JSON, with the time in the field `time` and the header in the field
    /// `tracks_exposure`.
    ///
    /// The header is a text, or a list of texts where it had several lines. A line without that
    /// field is one without the header.
    pub fn json() -> Self {
        Self::new(Kind::Json {
            time: "time".into(),
            header: "tracks_exposure".into(),
        })
    }

    fn new(kind: Kind) -> Self {
        Self {
            kind,
            utc_offset: None,
        }
    }

    /// Sets the field of the time in lines of JSON. Defaults to `time`.
    ///
    /// Dots lead into nested objects, and names are compared without regard to case.
    pub fn time(mut self, path: impl Into<Box<str>>) -> Self {
        if let Kind::Json { time, .. } = &mut self.kind {
            *time = path.into();
        }
        self
    }

    /// Sets the field of the header in lines of JSON. Defaults to `tracks_exposure`.
    ///
    /// Dots lead into nested objects, and names are compared without regard to case:
    /// `resp_headers.Tracks-Exposure` is where Caddy has it.
    pub fn header(mut self, path: impl Into<Box<str>>) -> Self {
        if let Kind::Json { header, .. } = &mut self.kind {
            *header = path.into();
        }
        self
    }

    /// Sets the place of the header among the response headers that HAProxy captures, from 1.
    /// Defaults to 1.
    pub fn capture(mut self, place: usize) -> Self {
        if let Kind::HaProxy { capture } = &mut self.kind {
            *capture = place;
        }
        self
    }

    /// Sets the offset from UTC of times without a time zone, in minutes, at most 1,559 either way.
    /// Defaults to none, and a line with such a time is bad.
    pub fn utc_offset(mut self, minutes: i16) -> Self {
        self.utc_offset = Some(minutes);
        self
    }

    /// Returns the header of a line; `None` where there was none.
    pub(in crate::files::import) fn read<'a>(
        &self,
        line: &'a str,
    ) -> Result<Option<Logged<'a>>, &'static str> {
        let Found { header, time } = match &self.kind {
            Kind::Combined => quoted::read(line)?,
            Kind::HaProxy { capture } => captures::read(line, *capture)?,
            Kind::Json { time, header } => fields::read(line, time, header)?,
        };
        if is_none(&header) {
            return Ok(None);
        }
        let at = time.ok_or(time::UNREADABLE);
        let at = at.and_then(|text| time::read(&text, self.utc_offset));
        Ok(Some(Logged { header, at }))
    }
}

/// Returns whether it is what logs have where there is no header.
pub(super) fn is_none(header: &str) -> bool {
    matches!(header.trim(), "" | "-")
}

/// Checks the header and the time of a line, in microseconds.
#[cfg(test)]
#[track_caller]
pub(super) fn check(
    log: &AccessLog,
    line: &str,
    expected: Result<Option<(&str, Option<i64>)>, &str>,
) {
    let read = log.read(line);
    let read = read.as_ref().map(|logged| {
        let tell = |logged: &Logged<'_>| {
            let at = logged.at.ok().map(Timestamp::as_micros);
            (logged.header.to_string(), at)
        };
        logged.as_ref().map(tell)
    });
    let expected = expected.map(|told| told.map(|(header, at)| (header.to_owned(), at)));
    assert_eq!(read.map_err(|reason| *reason), expected, "{line}");
}
