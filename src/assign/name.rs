//! What may be called what: the grammars of names.

/// The longest name in bytes.
const LONGEST: usize = 64;

/// The rule that [`is_set_name`] checks, in words.
pub(crate) const SET_RULE: &str =
    "1 to 64 of a-z, 0-9, `_`, `-`, `.` and `*`, the first of them a letter or `*`";

/// The rule that [`is_track_name`] checks, in words.
pub(crate) const TRACK_RULE: &str = "1 to 64 of A-Z, a-z, 0-9, `_`, `-`, `.` and `*`";

/// The rule that [`is_time_zone`] checks, in words.
pub(crate) const TIME_ZONE_RULE: &str =
    "an IANA name such as `Europe/Berlin`: 1 to 64 of A-Z, a-z, 0-9, `_`, `-`, `+` and `/`";

/// The keys of an RFC 9651 dictionary, so that a set's name is one in the header. A constant name is
/// checked by it when the program is compiled, where there are no iterators.
pub(crate) const fn is_set_name(name: &str) -> bool {
    let name = name.as_bytes();
    let mut index = 0;
    while index < name.len() {
        let byte = name[index];
        let begins = byte.is_ascii_lowercase() || byte == b'*';
        let goes_on = byte.is_ascii_digit() || in_between(byte);
        if !begins && (index == 0 || !goes_on) {
            return false;
        }
        index += 1;
    }
    index > 0 && index <= LONGEST
}

/// One name of a set, or several, joined by `/`.
pub(super) fn is_group_name(name: &str) -> bool {
    name.split('/').all(is_set_name)
}

/// Legal in cookies, baggage and metric labels, and needs no escape in a quoted string.
pub(crate) fn is_track_name(name: &str) -> bool {
    let legal = |byte: u8| byte.is_ascii_alphanumeric() || in_between(byte);
    !name.is_empty() && name.len() <= LONGEST && name.bytes().all(legal)
}

/// What names of time zones consist of. Whether there is such a zone, a report finds out.
pub(crate) fn is_time_zone(name: &str) -> bool {
    let legal =
        |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'+' | b'/');
    !name.is_empty() && name.len() <= LONGEST && name.bytes().all(legal)
}

/// The characters besides letters and digits that all names may have.
const fn in_between(byte: u8) -> bool {
    matches!(byte, b'_' | b'-' | b'.' | b'*')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn set_names() {
        let longest = "x".repeat(64);
        for good in ["a", "*hidden", "pricing", "a1_.*-", longest.as_str()] {
            assert!(is_set_name(good), "{good}");
        }
        let too_long = "x".repeat(65);
        for bad in [
            "",
            "Pricing",
            "1a",
            "-a",
            "a b",
            "größe",
            "a/b",
            "a;",
            too_long.as_str(),
        ] {
            assert!(!is_set_name(bad), "{bad}");
        }
    }

    #[test]
    fn group_names() {
        assert!(is_group_name("delay/pricing") && is_group_name("catalog"));
        assert!(!is_group_name("") && !is_group_name("delay/") && !is_group_name("Delay"));
    }

    #[test]
    fn time_zones() {
        for good in [
            "UTC",
            "America/Port-au-Prince",
            "Etc/GMT+5",
            "America/New_York",
        ] {
            assert!(is_time_zone(good), "{good}");
        }
        for bad in ["", "New York", "Zürich", "../etc/passwd", "a:b"] {
            assert!(!is_time_zone(bad), "{bad}");
        }
    }

    #[test]
    fn track_names() {
        for good in ["a", "Upper", "10-off", "-5", "*", "price_adjusted_by_-5"] {
            assert!(is_track_name(good), "{good}");
        }
        for bad in ["", "a b", "ä", "a\"", "a/b", "x=1"] {
            assert!(!is_track_name(bad), "{bad}");
        }
    }
}
