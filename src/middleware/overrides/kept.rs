//! The cookie with the tokens of a browser.

use std::fmt;

use crate::assign::{is_set_name, is_track_name};

use super::token::Token;

/// The limit of tokens in the cookie, so that it stays below the 4096 bytes that browsers accept.
const MOST: usize = 8;

/// The separator of tokens: valid in a cookie, and not a character of a token.
const SEPARATOR: char = '!';

/// The tokens that a browser stores in a cookie, one for each set, the oldest first.
///
/// They are not verified yet.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(in crate::middleware) struct Kept<'a>(pub(super) Vec<&'a str>);

impl<'a> Kept<'a> {
    /// Returns the tokens in the value of a cookie. Malformed ones are omitted, and so are all after
    /// the eighth.
    pub(in crate::middleware) fn read(value: &'a str) -> Self {
        let mut kept = Self::default();
        for token in value.split(SEPARATOR).take(MOST) {
            kept.keep(token);
        }
        kept
    }

    /// Returns whether a text has the shape of a token, or of what staff names.
    pub(in crate::middleware) fn is_token(text: &str) -> bool {
        set(text).is_some()
    }

    /// Adds a token. It replaces the one of the same set, or the oldest of eight. A malformed token is
    /// not added.
    pub(in crate::middleware) fn keep(&mut self, token: &'a str) {
        let Some(set) = set(token) else {
            return;
        };
        self.0.retain(|kept| self::set(kept) != Some(set));
        if self.0.len() == MOST {
            self.0.remove(0);
        }
        self.0.push(token);
    }

    /// Returns the tokens, the oldest first.
    #[cfg(test)]
    pub(in crate::middleware) fn tokens(&self) -> impl Iterator<Item = &'a str> {
        self.0.iter().copied()
    }

    #[cfg(test)]
    pub(in crate::middleware) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// The value of the cookie.
impl fmt::Display for Kept<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.join(&*SEPARATOR.to_string()))
    }
}

/// Returns the set of a token, or of a track that staff chose by name.
fn set(token: &str) -> Option<&str> {
    let signed = Token::read(token).map(|token| token.signed.set);
    signed.or_else(|| plain(token).map(|(set, _)| set))
}

/// Parses a set and a track that staff chose by name, without a token: `pricing~cheap`.
pub(in crate::middleware) fn plain(token: &str) -> Option<(&str, &str)> {
    let (set, track) = token.split_once('~')?;
    (is_set_name(set) && is_track_name(track)).then_some((set, track))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn token(set: usize, track: &str) -> String {
        format!("v2~set{set}~1~{track}~1700000000~-~0123456789abcdef0123456789abcdef")
    }

    #[track_caller]
    fn check(value: &str, expected: &[&str]) {
        let kept = Kept::read(value);
        assert_eq!(kept.tokens().collect::<Vec<_>>(), expected);
        assert_eq!(Kept::read(&kept.to_string()), kept);
        assert_eq!(kept.is_empty(), expected.is_empty());
    }

    #[test]
    fn a_cookie_value_round_trips() {
        let (one, two) = (token(1, "a"), token(2, "b"));
        check("", &[]);
        check("!!", &[]);
        check(&one, &[&one]);
        check(&format!("{one}!{two}"), &[&one, &two]);
        check(&format!("x!{one}!v2~!{two}!"), &[&one, &two]);
    }

    #[test]
    fn there_is_one_for_each_set() {
        let (one, two, again) = (token(1, "a"), token(2, "b"), token(1, "c"));
        check(&format!("{one}!{two}!{again}"), &[&two, &again]);
        let mut kept = Kept::read(&one);
        kept.keep(&again);
        kept.keep("clear");
        assert_eq!(kept.to_string(), again);
    }

    #[test]
    fn there_are_at_most_eight() {
        let tokens: Vec<String> = (0..9).map(|set| token(set, "a")).collect();
        let eight = Kept::read(&tokens[..8].join("!")).to_string();
        assert_eq!(eight, tokens[..8].join("!"));
        assert_eq!(Kept::read(&tokens.join("!")).to_string(), eight);
        let mut kept = Kept::read(&eight);
        kept.keep(&tokens[8]);
        assert_eq!(kept.to_string(), tokens[1..].join("!"));
    }

    #[test]
    fn some_can_be_dropped() {
        let (one, two) = (token(1, "a"), token(2, "b"));
        let both = format!("{one}!{two}");
        let mut kept = Kept::read(&both);
        kept.0.retain(|token| *token != one);
        assert_eq!(kept.to_string(), two);
    }
}
