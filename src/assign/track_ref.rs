use std::{borrow::Cow, mem::discriminant};

use super::{Track, TrackSet};

/// A value that names a track of a definition: the name of the track, or in a typed set also a variant of its
/// enum.
///
/// It cannot be implemented outside this crate.
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not name a track of this set",
    label = "expected the name of a track",
    note = "write the name of a track as text; in a typed set, a member of its own enum will do"
)]
pub trait TrackRef<C>: sealed::NameIn<C> {}

impl<C, T: sealed::NameIn<C>> TrackRef<C> for T {}

impl<E: TrackSet> sealed::NameIn<E> for E {
    /// Returns the empty name, which no track has, where no track is this member.
    fn name_in(self, tracks: &[Track]) -> String {
        // By the discriminant, because a typed set need not implement `PartialEq`.
        let wanted = discriminant(&self);
        let is_wanted = |track: &&Track| track.carried().map(discriminant::<E>) == Some(wanted);
        let found = tracks.iter().find(is_wanted);
        found.map(Track::name).unwrap_or_default().to_owned()
    }
}

macro_rules! names {
    ($($name:ty),*) => {$(
        impl<C> sealed::NameIn<C> for $name {
            fn name_in(self, _: &[Track]) -> String {
                self.into()
            }
        }
    )*};
}

names!(&str, &String, String, Box<str>, Cow<'_, str>, char);

pub(super) mod sealed {
    use super::Track;

    /// Keeps [`TrackRef`](crate::assign::TrackRef) to this crate.
    pub trait NameIn<C> {
        /// Returns the name of the track, which in a typed set is among these.
        fn name_in(self, tracks: &[Track]) -> String;
    }
}
