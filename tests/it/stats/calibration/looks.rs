use super::text;

/// When a stream is looked at, in units.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Looks {
    /// The units at each look, increasing.
    pub(super) at: At,
    /// Whether the first look that passes the gate is the only one.
    pub(super) once: bool,
    /// Nothing is looked at before so many units.
    pub(super) from: u64,
}

#[derive(Debug, Clone, PartialEq)]
pub(super) enum At {
    /// Every so many units, and at the end.
    Every(u64),
    /// So many, equally spaced.
    Spaced(u64),
}

impl Looks {
    /// Reads the sentence of a case.
    pub(super) fn new(text: &str) -> Result<Self, String> {
        let unknown = || format!("what looks are {text:?}?");
        let count = |text: Option<f64>| text.map(|count| count as u64).ok_or_else(unknown);
        let at = if text.starts_with("after every user") {
            At::Every(1)
        } else if text.starts_with("every ") {
            At::Every(count(text::first(text))?)
        } else if text.starts_with("one, the first of the") {
            At::Spaced(count(text::first(text))?)
        } else if text.starts_with("one, at") {
            At::Spaced(1)
        } else if text.ends_with("equally spaced") || text.ends_with("at equal information") {
            At::Spaced(count(text::first(text))?)
        } else {
            return Err(unknown());
        };
        Ok(Self {
            at,
            once: text.starts_with("one,"),
            from: text::after(text, "from user").map_or(0, |from| from as u64),
        })
    }

    pub(super) fn spaced(count: u64) -> Self {
        Self {
            at: At::Spaced(count),
            once: false,
            from: 0,
        }
    }

    pub(super) fn every(units: u64) -> Self {
        Self {
            at: At::Every(units),
            ..Self::spaced(1)
        }
    }

    /// The units at a look, of which the first is 1.
    pub(super) fn units(&self, look: u64, all: u64) -> u64 {
        match self.at {
            At::Every(every) => (look * every).min(all),
            At::Spaced(count) => (look * all + count / 2) / count,
        }
    }
}

#[test]
fn looks_are_where_they_are_said_to_be() {
    let at = |text: &str, all: u64| {
        let looks = Looks::new(text).unwrap();
        let mut found = vec![looks.units(1, all)];
        while found[found.len() - 1] < all {
            found.push(looks.units(found.len() as u64 + 1, all));
        }
        found
    };
    assert_eq!(at("3 equally spaced", 10), [3, 7, 10]);
    assert_eq!(at("every 4 users", 10), [4, 8, 10]);
    assert_eq!(at("one, at the end", 10), [10]);
    assert_eq!(at("after every user from user 2", 3), [1, 2, 3]);
    assert!(Looks::new("now and then").is_err());
}
