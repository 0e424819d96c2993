//! What may be called what; the same rules as `tower_tracks` checks at run time.

// Copies and not imports: `tower_tracks` depends on this crate, which therefore cannot depend on it.

/// The longest name in bytes.
const LONGEST: usize = 64;

/// The rule that [`is_set_name`] checks, in words.
pub(super) const SET_RULE: &str =
    "1 to 64 of a-z, 0-9, `_`, `-`, `.` and `*`, the first of them a letter or `*`";

/// The rule that [`is_track_name`] checks, in words.
pub(super) const TRACK_RULE: &str = "1 to 64 of A-Z, a-z, 0-9, `_`, `-`, `.` and `*`";

/// Whether a set or a unit may be called so.
pub(super) fn is_set_name(name: &str) -> bool {
    let legal = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || in_between(byte);
    let begins = |first: u8| first.is_ascii_lowercase() || first == b'*';
    name.len() <= LONGEST && name.bytes().next().is_some_and(begins) && name.bytes().all(legal)
}

/// Whether a track may be called so.
pub(super) fn is_track_name(name: &str) -> bool {
    let legal = |byte: u8| byte.is_ascii_alphanumeric() || in_between(byte);
    !name.is_empty() && name.len() <= LONGEST && name.bytes().all(legal)
}

/// Returns what stands before the `@` of a salt that ends in `@` and digits.
pub(super) fn before_phase(salt: &str) -> Option<&str> {
    let (before, digits) = salt.rsplit_once('@')?;
    let is_phase = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    is_phase.then_some(before)
}

fn in_between(byte: u8) -> bool {
    matches!(byte, b'_' | b'-' | b'.' | b'*')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn set_names() {
        for good in ["a", "*hidden", "pricing", "a1_.*-", &"x".repeat(64)] {
            assert!(is_set_name(good), "{good}");
        }
        for bad in ["", "Pricing", "1a", "-a", "_a", "a b", "größe", "a/b"] {
            assert!(!is_set_name(bad), "{bad}");
        }
        assert!(!is_set_name(&"x".repeat(65)));
    }

    #[test]
    fn track_names() {
        for good in ["a", "Upper", "10-off", "-5", "_a", "*", &"X".repeat(64)] {
            assert!(is_track_name(good), "{good}");
        }
        for bad in ["", "a b", "ä", "a\"", "a/b", "x=1"] {
            assert!(!is_track_name(bad), "{bad}");
        }
        assert!(!is_track_name(&"x".repeat(65)));
    }

    #[test]
    fn salts() {
        assert_eq!(before_phase("delay@2"), Some("delay"));
        assert_eq!(before_phase("a@1@22"), Some("a@1"));
        assert_eq!(before_phase("@2"), Some(""));
        for good in ["", "delay", "delay2", "delay@", "delay@2b", "2@delay"] {
            assert_eq!(before_phase(good), None, "{good}");
        }
    }
}
