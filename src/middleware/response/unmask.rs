//! The names behind masks.

use std::{collections::HashMap, fmt};

use crate::assign::Set;

use super::mask::Mask;

/// The names behind masks, for a reader of logs.
///
/// [`Mask::table`] makes it from the sets of the program. It needs the same secret as the layer.
#[derive(Clone)]
pub struct Unmask(HashMap<String, Names>);

/// A set and one of its tracks; `None` if two tracks have the same masks.
type Names = Option<(Box<str>, Box<str>)>;

impl Mask {
    /// Returns the table that maps the masks of these sets back to their names.
    ///
    /// Build it once: it computes one mask for each track. A look-up then costs as much as in a hash map.
    ///
    /// ```
    /// use tower_tracks::{MultiTrackSet, SimpleTrackSet, middleware::Mask};
    ///
    /// let sets = MultiTrackSet::builder()
    ///     .name("shop")
    ///     .add(SimpleTrackSet::new("delay").track("short", 500))
    ///     .add(SimpleTrackSet::new("banner").track("blue", 0x0000ff))
    ///     .build()?;
    /// let mask = Mask::new("sixteen random bytes, or more")?;
    /// let names = mask.table(sets.sets());
    ///
    /// let (set, track) = (mask.set("banner"), mask.track("banner", "blue"));
    /// assert_eq!(names.names(&set, &track), Some(("banner", "blue")));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn table<'a>(&self, sets: impl IntoIterator<Item = &'a Set>) -> Unmask {
        let mut table = HashMap::new();
        for (set, track) in sets.into_iter().flat_map(names_of) {
            let masks = masks(&self.set(set), &self.track(set, track));
            let names = Some((Box::from(set), Box::from(track)));
            let same = table.insert(masks.clone(), names.clone());
            if same.is_some_and(|same| same != names) {
                // Neither name is right for sure, so the masks have none.
                table.insert(masks, None);
            }
        }
        Unmask(table)
    }
}

impl Unmask {
    /// Returns the names of a set and of one of its tracks; `None` if the table does not have these
    /// masks, or two tracks share them.
    ///
    /// Pass the masks with their `*`, as in the header.
    ///
    /// ```
    /// use tower_tracks::{SimpleTrackSet, middleware::Mask};
    ///
    /// let pricing = SimpleTrackSet::new("pricing").track("cheap", 49).build()?;
    /// let names = Mask::new("0123456789abcdef")?.table(pricing.sets());
    /// assert_eq!(names.names("*160589b", "*4c34c45"), Some(("pricing", "cheap")));
    /// assert_eq!(names.names("pricing", "cheap"), None);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn names(&self, masked_set: &str, masked_track: &str) -> Option<(&str, &str)> {
        let (set, track) = self.0.get(&masks(masked_set, masked_track))?.as_ref()?;
        Some((set, track))
    }
}

/// Returns each track of a set with each name that the set has or had, since logs of before a rename have the
/// masks of former names.
fn names_of(set: &Set) -> impl Iterator<Item = (&str, &str)> {
    let former = set.former_names().iter().map(String::as_str);
    former.chain([set.name()]).flat_map(|name| {
        let tracks = set.tracks().iter();
        tracks.map(move |track| (name, track.name()))
    })
}

/// Returns the key of the table: the member of the header, as `*1a01044=*548849a`.
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
