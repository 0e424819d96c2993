/// Fragments of text that are looked for in upper and lower case, all in one pass.
///
/// Every request's user agent is searched, so most places are passed over by a single look-up
/// of their two bytes.
#[derive(Debug, Clone, Default)]
pub(super) struct Fragments {
    /// In lower case, and none empty.
    all: Box<[Box<[u8]>]>,
    /// Which two bytes a fragment begins with: the second's bit in the first's word. Of a byte
    /// only the last five bits count, in which upper and lower case are alike.
    begins: [u32; 32],
}

impl Fragments {
    pub(super) fn new<F: AsRef<str>>(fragments: impl IntoIterator<Item = F>) -> Self {
        let lower = |fragment: F| -> Box<[u8]> {
            fragment.as_ref().to_ascii_lowercase().into_bytes().into()
        };
        let all = fragments.into_iter().map(lower);
        let all: Box<[Box<[u8]>]> = all.filter(|fragment| !fragment.is_empty()).collect();
        let mut begins = [0; 32];
        for fragment in &all {
            begins[folded(fragment.first())] |= match fragment.get(1) {
                None => u32::MAX,
                second => 1 << folded(second),
            };
        }
        Self { all, begins }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    /// Returns whether one of them is in the text.
    pub(super) fn is_in(&self, text: &[u8]) -> bool {
        (0..text.len()).any(|start| {
            let seconds = self.begins[folded(text.get(start))];
            seconds >> folded(text.get(start + 1)) & 1 == 1 && self.begins_at(&text[start..])
        })
    }

    fn begins_at(&self, text: &[u8]) -> bool {
        let is_start = |fragment: &[u8]| {
            let start = text.get(..fragment.len());
            start.is_some_and(|start| start.eq_ignore_ascii_case(fragment))
        };
        self.all.iter().any(|fragment| is_start(fragment))
    }
}

fn folded(byte: Option<&u8>) -> usize {
    byte.map_or(0, |byte| usize::from(byte & 31))
}

#[cfg(test)]
mod tests {
    use super::Fragments;

    #[track_caller]
    fn check(fragments: &[&str], text: &str, expected: bool) {
        assert_eq!(
            Fragments::new(fragments).is_in(text.as_bytes()),
            expected,
            "{text}"
        );
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
        check(&[""], "anything", false);
        check(&[], "anything", false);
        check(&["ö"], "xö", true);
    }
}
