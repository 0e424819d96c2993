//! The formats of access logs, and their settings. A setting that does not belong to the format has
//! no effect.

use std::borrow::Cow;

use crate::store::Timestamp;

use super::{captures, fields, quoted, time};

/// The format of an access log.
///
/// The guide [about logs](crate::guide::logs) has the configuration of nginx, HAProxy, Apache and
/// Caddy, and of Traefik and Envoy.
///
/// A line has the header and a time. No other field is read.
///
/// ```
/// use tower_tracks::files::AccessLog;
///
/// // Caddy logs the lines of a header as a list, and the time in the field `ts`.
/// let caddy = AccessLog::json().time("ts").header("resp_headers.Tracks-Exposure");
/// assert_ne!(caddy, AccessLog::json());
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccessLog {
    kind: Kind,
    /// The offset of times that have none, in minutes.
    utc_offset: Option<i16>,
}

/// The formats, with the settings of each.
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
    ///
    /// ```
    /// use tower_tracks::{SimpleTrackSet, files::{AccessLog, Import}, store::Memory};
    ///
    /// let sets = SimpleTrackSet::new("delay").track("2s", 2000).build()?;
    /// let log = concat!(
    ///     r#"::1 - - [11/Mar/2026:09:26:53 +0000] "GET / HTTP/1.1" 200 14 "#,
    ///     r#""delay=\"2s\";unit=\"eb663c7832d3a67138ebe4e1429c492a\"""#,
    /// );
    /// let import = Import::access_log(log.as_bytes(), AccessLog::combined()).sets(sets.sets());
    /// let imported = import.into_store(&Memory::default())?;
    /// assert_eq!(imported.written.exposures.new, 1);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn combined() -> Self {
        Self::new(Kind::Combined)
    }

    /// Returns the log of HAProxy with captured response headers in braces before the request, as
    /// `option httplog` and `%hs` write them.
    ///
    /// The time is the first one in square brackets. `option httplog` writes it without a time
    /// zone, so either [`utc_offset`](Self::utc_offset) is needed, or a `log-format` with `%trg` in
    /// the place of `%tr`.
    ///
    /// ```
    /// use tower_tracks::{SimpleTrackSet, files::{AccessLog, Import}, store::Memory};
    ///
    /// let sets = SimpleTrackSet::new("delay").track("2s", 2000).build()?;
    /// let log = concat!(
    ///     "127.0.0.1:44798 [11/Mar/2026:09:26:53.042] a s/s1 0/0/0/1/1 200 236 - - ",
    ///     "---- 1/1/0/0/0 0/0 ",
    ///     "{delay=#222s#22;unit=#22eb663c7832d3a67138ebe4e1429c492a#22} \"GET / HTTP/1.1\"",
    /// );
    /// let format = AccessLog::haproxy().utc_offset(60);
    /// let import = Import::access_log(log.as_bytes(), format).sets(sets.sets());
    /// let imported = import.into_store(&Memory::default())?;
    /// assert_eq!(imported.written.exposures.new, 1);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn haproxy() -> Self {
        Self::new(Kind::HaProxy { capture: 1 })
    }

    /// Returns lines of JSON, with the time in the field `time` and the header in the field
    /// `tracks_exposure`.
    ///
    /// The header is a text, or a list of texts where it had several lines. A line without that
    /// field is one without the header.
    ///
    /// ```
    /// use tower_tracks::{SimpleTrackSet, files::{AccessLog, Import}, store::Memory};
    ///
    /// let sets = SimpleTrackSet::new("delay").track("2s", 2000).build()?;
    /// let log = concat!(
    ///     r#"{"time":1773221213.005,"#,
    ///     r#""tracks_exposure":"delay=\"2s\";unit=\"eb663c7832d3a67138ebe4e1429c492a\""}"#,
    /// );
    /// let import = Import::access_log(log.as_bytes(), AccessLog::json()).sets(sets.sets());
    /// let imported = import.into_store(&Memory::default())?;
    /// assert_eq!(imported.written.exposures.new, 1);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
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
    ///
    /// The time is a text, or a number of seconds, milliseconds, microseconds or nanoseconds since
    /// 1970. It has no effect on other formats.
    ///
    /// ```
    /// use tower_tracks::files::AccessLog;
    ///
    /// let format = AccessLog::json().time("request.started_at");
    /// assert_ne!(format, AccessLog::json());
    /// ```
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
    ///
    /// It has no effect on other formats.
    ///
    /// ```
    /// use tower_tracks::files::AccessLog;
    ///
    /// let traefik = AccessLog::json().header("downstream_Tracks-Exposure");
    /// assert_ne!(traefik, AccessLog::json());
    /// ```
    pub fn header(mut self, path: impl Into<Box<str>>) -> Self {
        if let Kind::Json { header, .. } = &mut self.kind {
            *header = path.into();
        }
        self
    }

    /// Sets the place of the header among the response headers that HAProxy captures, from 1.
    /// Defaults to 1.
    ///
    /// HAProxy captures headers in the order of its `capture response header` lines. The setting
    /// has no effect on other formats.
    ///
    /// ```
    /// use tower_tracks::files::AccessLog;
    ///
    /// let second = AccessLog::haproxy().capture(2);
    /// assert_ne!(second, AccessLog::haproxy());
    /// ```
    pub fn capture(mut self, place: usize) -> Self {
        if let Kind::HaProxy { capture } = &mut self.kind {
            *capture = place;
        }
        self
    }

    /// Sets the offset from UTC of times without a time zone, in minutes, at most 1,559 either way.
    /// Defaults to none, and a line with such a time is bad.
    ///
    /// A time with a time zone keeps it. An offset does not follow summer time: import the logs of
    /// each season with its own offset, or let the server write the zone.
    ///
    /// ```
    /// use tower_tracks::files::AccessLog;
    ///
    /// // Central European summer time.
    /// let format = AccessLog::haproxy().utc_offset(120);
    /// assert_ne!(format, AccessLog::haproxy());
    /// ```
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
