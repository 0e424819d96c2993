//! The text of a token: `v2~set~phase~track~seconds~unit~tag`.
//!
//! All its characters stand unescaped in a cookie and in a query, no field is empty, and no name
//! has the `~`. The unit is `-` for everybody, else a tag of its kind and key.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// The first field. A change of the format gets another version.
const VERSION: &str = "v2";

/// The longest token in bytes; a longer text is refused unread.
const LONGEST: usize = 512;

/// The unit of a token for everybody.
pub(super) const EVERYBODY: &str = "-";

/// The fields of a token: the signed ones in order, and the tag.
#[derive(Debug, Clone, Copy)]
pub(super) struct Token<'a> {
    pub(super) signed: Signed<'a>,
    pub(super) tag: &'a str,
}

/// The signed fields, as text: the tag is over exactly the bytes of the token.
#[derive(Debug, Clone, Copy)]
pub(super) struct Signed<'a> {
    pub(super) set: &'a str,
    pub(super) phase: &'a str,
    pub(super) track: &'a str,
    pub(super) expires: &'a str,
    pub(super) unit: &'a str,
}

impl<'a> Token<'a> {
    /// Returns the fields of a token; `None` if the text is malformed. The signature is not checked.
    pub(super) fn read(text: &'a str) -> Option<Self> {
        let bounded = (text.len() <= LONGEST).then_some(text)?;
        let mut fields = bounded.strip_prefix(VERSION)?.strip_prefix('~')?.split('~');
        let signed = Signed {
            set: fields.next()?,
            phase: fields.next()?,
            track: fields.next()?,
            expires: fields.next()?,
            unit: fields.next()?,
        };
        let tag = fields.next()?;
        let token = Self { signed, tag };
        // A tag has no `~`, so a text with a further field is malformed.
        fields.next().is_none().then_some(token)
    }

    /// Writes the text of the token.
    pub(super) fn write(&self) -> String {
        let fields = self.signed.fields().join("~");
        format!("{VERSION}~{fields}~{}", self.tag)
    }
}

impl<'a> Signed<'a> {
    /// Returns the signed fields in the order of the text.
    pub(super) fn fields(&self) -> [&'a str; 5] {
        [self.set, self.phase, self.track, self.expires, self.unit]
    }

    /// Returns the fields for the tag, which is over netstrings, so that no two lists of fields have
    /// the same bytes.
    pub(super) fn bytes(&self) -> impl Iterator<Item = &'a [u8]> {
        self.fields().into_iter().map(str::as_bytes)
    }
}

/// Returns the whole seconds since 1970.
pub(super) fn seconds(time: SystemTime) -> Option<u64> {
    let since = time.duration_since(UNIX_EPOCH).ok()?;
    Some(since.as_secs())
}

/// Returns the time of these seconds since 1970; `None` if the system cannot represent it.
pub(super) fn time(seconds: u64) -> Option<SystemTime> {
    UNIX_EPOCH.checked_add(Duration::from_secs(seconds))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_round_trips() {
        for text in ["v2~a~1~b~0~-~t", "v2~*a~2~-5~1700000000~x~y", "v2~~~~~~"] {
            assert_eq!(Token::read(text).unwrap().write(), text);
        }
    }

    #[test]
    fn anything_else_is_no_token() {
        let long = format!("v2~a~1~b~0~-~{}", "x".repeat(LONGEST));
        for text in [
            "",
            "v2",
            "v1~a~1~b~0~-~t",
            "v1a~1~b~0~-~t~",
            "v2~a~1~b~0~-",
            "v2~a~1~b~0~-~t~",
            &long,
        ] {
            assert!(Token::read(text).is_none(), "{text}");
        }
        assert!(Token::read(&long[..LONGEST]).is_some());
    }
}
