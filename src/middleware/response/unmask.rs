use std::{collections::HashMap, fmt};

use crate::assign::Set;

use super::mask::Mask;

/// The names behind masks, for a reader of logs. [`Mask::table`] makes it.
#[derive(Clone)]
pub struct Unmask(HashMap<String, Names>);

/// A set and one of its tracks; `None` where two have the same masks.
type Names = Option<(Box<str>, Box<str>)>;

impl Mask {
    /// Returns the table by which a reader of logs has the names of these sets back.
    pub fn table<'a>(&self, sets: impl IntoIterator<Item = &'a Set>) -> Unmask {
        Unmask::new(self, sets)
    }
}

impl Unmask {
    fn new<'a>(mask: &Mask, sets: impl IntoIterator<Item = &'a Set>) -> Self {
        let mut table = HashMap::new();
        for set in sets {
            for track in set.tracks() {
                let (set, track) = (set.name(), track.name());
                let masks = masks(&mask.set(set), &mask.track(set, track));
                let names = Some((Box::from(set), Box::from(track)));
                let same = table.insert(masks.clone(), names.clone());
                if same.is_some_and(|same| same != names) {
                    table.insert(masks, None);
                }
            }
        }
        Self(table)
    }

    /// Returns the names of a set and of one of its tracks; `None` if the table does not have these
    /// masks, or two tracks share them.
    pub fn names(&self, masked_set: &str, masked_track: &str) -> Option<(&str, &str)> {
        let (set, track) = self.0.get(&masks(masked_set, masked_track))?.as_ref()?;
        Some((set, track))
    }
}

fn masks(set: &str, track: &str) -> String {
    format!("{set}={track}")
}

impl fmt::Debug for Unmask {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Unmask(<{} tracks>)", self.0.len())
    }
}

#[cfg(test)]
mod tests {
    use crate::assign::{MultiTrackSet, SimpleTrackSet};

    use super::*;

    #[test]
    fn masked_names_are_unmasked() {
        let set = |name: &str| SimpleTrackSet::new(name).track("a", 1).track("b", 2);
        let sets = MultiTrackSet::builder()
            .add(set("delay"))
            .add(set("banner"));
        let sets = sets.build().unwrap();
        let mask = Mask::new("0123456789abcdef").unwrap();
        let table = mask.table(sets.sets());
        for set in ["delay", "banner"] {
            for track in ["control", "a", "b"] {
                let masks = (mask.set(set), mask.track(set, track));
                assert_eq!(table.names(&masks.0, &masks.1), Some((set, track)));
            }
        }
        let other = mask.track("banner", "a");
        assert_eq!(table.names(&mask.set("delay"), &other), None);
        assert_eq!(table.names("delay", "a"), None);
        // A set may stand in two groups, as in two versions of a program.
        let twice = mask.table(sets.sets().chain(sets.sets()));
        assert!(
            twice
                .names(&mask.set("delay"), &mask.track("delay", "a"))
                .is_some()
        );
    }
}
