//! A search for many short fragments in one pass, ignoring case.

use std::fmt;

/// Fragments of text that are looked for in upper and lower case, all in one pass.
///
/// Every request's user agent is searched, so every other place costs a single look-up of its three
/// bytes; only where these are in a fragment are those of the same first letter compared.
#[derive(Clone)]
pub(crate) struct Fragments {
    /// In lower case, none empty, sorted by the fold of their first byte.
    all: Box<[Box<[u8]>]>,
    /// How many begin with a byte of a lesser fold.
    starts: [usize; FOLDS + 1],
    /// Which three bytes are the first or the second to the fourth of a fragment, as bits. Of a byte
    /// only the last five bits count, in which upper and lower case are alike.
    at_even: Box<[u64; 512]>,
}

/// How many folds of a byte there are.
const FOLDS: usize = 32;

impl Fragments {
    /// Prepares the search. Empty fragments are dropped, because they would be in every text.
    pub(crate) fn new<F: AsRef<str>>(fragments: impl IntoIterator<Item = F>) -> Self {
        let lower = |fragment: F| -> Box<[u8]> {
            fragment.as_ref().to_ascii_lowercase().into_bytes().into()
        };
        let all = fragments.into_iter().map(lower);
        let mut all: Box<[Box<[u8]>]> = all.filter(|fragment| !fragment.is_empty()).collect();
        all.sort_by_key(|fragment| folded(fragment[0]));
        let mut at_even = Box::new([0; 512]);
        for code in all
            .iter()
            .flat_map(|all| codes(all).chain(codes(&all[1..])))
        {
            at_even[code / 64] |= 1 << (code % 64);
        }
        let before = |fold| all.partition_point(|fragment| folded(fragment[0]) < fold);
        Self {
            starts: std::array::from_fn(before),
            all,
            at_even,
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    /// Returns where fragments are in the text: at each place the first that is there.
    #[inline]
    pub(crate) fn places<'a>(&'a self, text: &'a [u8]) -> impl Iterator<Item = (usize, usize)> {
        let (pairs, _) = text.as_chunks::<2>();
        let inside = pairs.iter().zip(pairs.iter().skip(1)).enumerate();
        let inside = inside
            .filter(|(_, ([first, second], [third, _]))| self.may_be_at([*first, *second, *third]));
        // The rest has fewer than three bytes and is padded with zeros.
        let last = 2 * pairs.len().saturating_sub(1);
        let mut rest = [0; 6];
        rest.iter_mut()
            .zip(&text[last..])
            .for_each(|(to, byte)| *to = *byte);
        let at_end = [
            (0, [rest[0], rest[1], rest[2]]),
            (2, [rest[2], rest[3], rest[4]]),
        ];
        let at_end = at_end
            .into_iter()
            .filter(|(_, three)| self.may_be_at(*three));
        let at_end = at_end.map(move |(index, _)| last + index);
        let found = inside.map(|(index, _)| 2 * index).chain(at_end);
        found.flat_map(|even| {
            let starts = [even.checked_sub(1), Some(even)].into_iter().flatten();
            starts.filter_map(|start| self.place(text, start))
        })
    }

    /// Returns whether a fragment may begin at these bytes or one before them.
    #[inline]
    fn may_be_at(&self, three: [u8; 3]) -> bool {
        let [first, second, third] = three.map(folded);
        let code = (first << 10) | (second << 5) | third;
        self.at_even[code / 64] >> (code % 64) & 1 == 1
    }

    /// Returns the start and the end of the fragment that begins here.
    fn place(&self, text: &[u8], start: usize) -> Option<(usize, usize)> {
        let text = text.get(start..)?;
        let fold = folded(*text.first()?);
        let alike = self.all.get(self.starts[fold]..self.starts[fold + 1])?;
        let mut alike = alike.iter();
        let found = alike.find(|fragment| begins_with(text, fragment))?;
        Some((start, start + found.len()))
    }
}

impl Default for Fragments {
    fn default() -> Self {
        Self::new::<&str>([])
    }
}

impl fmt::Debug for Fragments {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let texts = self
            .all
            .iter()
            .map(|fragment| String::from_utf8_lossy(fragment));
        f.debug_list().entries(texts).finish()
    }
}

/// Returns whether a text begins with a fragment, which is in lower case.
pub(crate) fn begins_with(text: &[u8], fragment: &[u8]) -> bool {
    let start = text.get(..fragment.len());
    start.is_some_and(|start| start.eq_ignore_ascii_case(fragment))
}

/// Returns the codes of the three bytes that a text begins with. If it has fewer, all codes that begin
/// with them.
fn codes(text: &[u8]) -> impl Iterator<Item = usize> {
    let given = text.get(..3).unwrap_or(text);
    let free = 3 - given.len();
    let first = given
        .iter()
        .fold(0, |code, byte| code * FOLDS + folded(*byte));
    let count = FOLDS.pow(free as u32);
    (0..count).map(move |rest| first * count + rest)
}

/// Returns the last five bits. Upper and lower case are alike in them, and so are some other bytes: a
/// hit is only a candidate.
fn folded(byte: u8) -> usize {
    usize::from(byte & 31)
}

#[cfg(test)]
mod tests {
    use super::Fragments;

    #[track_caller]
    fn check(fragments: &[&str], text: &str, expected: bool) {
        let fragments = Fragments::new(fragments);
        let found = fragments.places(text.as_bytes()).next();
        assert_eq!(found.is_some(), expected, "{text}");
    }

    #[test]
    fn fragments_are_found_wherever_they_are() {
        for text in ["bot", "a bot", "bots", "BOT", "Googlebot/2.1", "bobot"] {
            check(&["spider", "bot"], text, true);
        }
        for text in ["", "b", "bo", "boat", "b\u{f4}t", "\u{2}\u{f}t", "obt"] {
            check(&["spider", "bot"], text, false);
        }
    }

    #[test]
    fn short_ones_and_none() {
        check(&["x"], "abX", true);
        check(&["x"], "ab", false);
        check(&["xy"], "abx", false);
        check(&["xy"], "abxY", true);
        check(&[""], "anything", false);
        check(&[], "anything", false);
        check(&["ö"], "xö", true);
    }

    #[test]
    fn places_are_those_of_all() {
        let fragments = Fragments::new(["bot", "spider", "sp", "zz"]);
        let places: Vec<_> = fragments.places(b"Bot, SPIDER, zZ").collect();
        assert_eq!(places, [(0, 3), (5, 11), (13, 15)]);
    }
}
