use std::{fmt, sync::Arc};

#[cfg(feature = "python")]
use super::bucketing::masked;
use super::{
    bucketing,
    pick::{Pick, Reason},
    run::{Run, RunAsync},
    set::Set,
    sets::Sets,
    track::Track,
};

/// The choice of a group for a key: a set and its track, or nothing, and the reason.
///
/// It borrows from the [`MultiTrackSet`](crate::MultiTrackSet) that made it. Reading it records
/// nothing. Inside a request, use `Assignment`, whose reading is the exposure.
///
/// `Display` writes the set and the track (`delay/long`), or the reason in parentheses if there is no
/// track: `delay (outside-share)`, `(ineligible)`.
#[derive(Clone, Copy)]
pub struct Choice<'a> {
    sets: &'a Arc<Sets>,
    pick: Pick,
}

impl<'a> Choice<'a> {
    #[inline]
    pub(crate) fn new(sets: &'a Arc<Sets>, pick: Pick) -> Self {
        Self { sets, pick }
    }

    /// Returns the group and the choice in it, to keep them longer than the borrow.
    pub(crate) fn to_owned(self) -> (Arc<Sets>, Pick) {
        (Arc::clone(self.sets), self.pick)
    }

    /// Returns the name of the group that chose.
    pub fn group(&self) -> &'a str {
        self.sets.name()
    }

    /// Returns the name of the chosen set; `None` when none was chosen.
    ///
    /// A set is also chosen if the key is outside its share or the set is paused. Then there is no
    /// [`track`](Self::track).
    pub fn set(&self) -> Option<&'a str> {
        self.definition().map(Set::name)
    }

    /// Returns the name of the track; `None` when the key is in none.
    ///
    /// Being in no test differs from being in its control: only control is counted.
    pub fn track(&self) -> Option<&'a str> {
        self.chosen().map(Track::name)
    }

    /// Returns the chosen set as it was built.
    #[inline]
    pub fn definition(&self) -> Option<&'a Set> {
        self.sets.set(self.pick.set?)
    }

    /// Returns the phase of the chosen set.
    pub fn phase(&self) -> Option<u32> {
        self.definition().map(Set::phase)
    }

    /// Returns the reason of the choice.
    pub fn reason(&self) -> Reason {
        self.pick.reason
    }

    /// Returns whether the key is in a track of the chosen set, including control.
    pub fn is_enrolled(&self) -> bool {
        self.pick.track.is_some()
    }

    /// Returns whether the key is in the track that changes nothing.
    pub fn is_control(&self) -> bool {
        self.chosen().is_some_and(Track::is_control)
    }

    /// Returns the coin: a fair bit that is independent of the track, for a free A/A test
    /// inside each set. `None` when the key is in no track or the scheme has no coin.
    pub fn coin(&self) -> Option<bool> {
        self.chosen()?;
        self.pick.words.as_ref().map(bucketing::coin)
    }

    /// Returns the SHA-256 of the chosen set's message, to compare with a recomputation;
    /// `None` in schemes that are not over SHA-256.
    pub fn digest(&self) -> Option<[u8; 32]> {
        let words = self.pick.words?;
        let mut digest = [0; 32];
        let (chunks, _) = digest.as_chunks_mut();
        chunks
            .iter_mut()
            .zip(words)
            .for_each(|(chunk, word)| *chunk = word.to_be_bytes());
        Some(digest)
    }

    /// Returns the value that the track carries, if it carries a `T`.
    ///
    /// The control that comes first by itself carries nothing; that of a typed set does, and one
    /// that was made of a track by its name.
    #[inline]
    pub fn value<T: 'static>(&self) -> Option<&'a T> {
        self.chosen().and_then(Track::carried)
    }

    /// Runs the chosen track; does nothing for the control that comes first by itself, or when no
    /// track that takes an `X` was chosen.
    pub fn run<X: 'static>(&self, argument: &mut X) {
        if let Some(Run(run)) = self.value() {
            run(argument);
        }
    }

    /// Runs the chosen track asynchronously; does nothing for the control that comes first by
    /// itself, or when no async track that takes an `X` was chosen.
    pub async fn run_async<X: 'static>(&self, argument: &mut X) {
        if let Some(RunAsync(run)) = self.value() {
            run(argument).await;
        }
    }

    /// Returns the chosen set's name as the Python package masks it; `None` in other schemes.
    #[cfg(feature = "python")]
    pub fn masked_set(&self) -> Option<String> {
        self.python().map(|set| masked(set.salt()))
    }

    /// Returns the track's name as the Python package masks it; `None` in other schemes.
    #[cfg(feature = "python")]
    pub fn masked_track(&self) -> Option<String> {
        self.python()?;
        self.track().map(masked)
    }

    #[cfg(feature = "python")]
    fn python(&self) -> Option<&'a Set> {
        let python = |set: &&Set| set.bucketing() == super::Bucketing::Python;
        self.definition().filter(python)
    }

    #[inline]
    fn chosen(&self) -> Option<&'a Track> {
        self.definition()?.tracks().get(self.pick.track?)
    }
}

impl fmt::Display for Choice<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.set(), self.track()) {
            (Some(set), Some(track)) => write!(f, "{set}/{track}"),
            (Some(set), None) => write!(f, "{set} ({})", self.reason()),
            (None, _) => write!(f, "({})", self.reason()),
        }
    }
}

impl fmt::Debug for Choice<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Choice")
            .field("group", &self.group())
            .field("set", &self.set())
            .field("track", &self.track())
            .field("reason", &self.reason())
            .finish_non_exhaustive()
    }
}
