//! A set as the code has it, which changes are about.

use crate::assign::{MultiTrackSet, Set};

/// A set of the program, with what a change has to know of it.
///
/// ```
/// use tower_tracks::{SimpleTrackSet, control::Code};
///
/// let delay = SimpleTrackSet::new("delay").track("long", 2000).share(0.1).build()?;
/// let codes: Vec<Code<'_>> = Code::of(&delay).collect();
/// assert_eq!((codes[0].set().name(), codes[0].is_alone()), ("delay", true));
/// # Ok::<(), tower_tracks::DefinitionError>(())
/// ```
#[derive(Debug, Clone, Copy)]
pub struct Code<'a> {
    set: &'a Set,
    is_alone: bool,
}

impl<'a> Code<'a> {
    /// Returns the sets of a group.
    pub fn of<C: 'static>(sets: &'a MultiTrackSet<C>) -> impl Iterator<Item = Self> {
        let is_alone = sets.sets().count() == 1;
        sets.sets().map(move |set| Self { set, is_alone })
    }

    pub(crate) fn new(set: &'a Set, is_alone: bool) -> Self {
        Self { set, is_alone }
    }

    /// Returns the set.
    pub fn set(&self) -> &'a Set {
        self.set
    }

    /// Returns whether the set is the only one of its group. The tracks of another one cannot be shipped,
    /// since a unit that is in a different set of the group would get a track of both.
    pub fn is_alone(&self) -> bool {
        self.is_alone
    }

    /// Returns the index of a track.
    pub(super) fn track(&self, name: &str) -> Option<usize> {
        self.set
            .tracks()
            .iter()
            .position(|track| track.name() == name)
    }
}
