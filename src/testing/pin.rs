//! Pins of a layer, to test a handler in each track.

use std::{any::TypeId, error, fmt, mem::discriminant};

use crate::{
    assign::{Set, Track, TrackSet},
    middleware::TracksLayer,
};

/// Returns every variant of a typed set, in the order of the enum, to test each.
///
/// ```
/// # #[cfg(feature = "derive")] {
/// use tower_tracks::{TrackSet, testing::tracks_of};
///
/// #[derive(Clone, Copy, Debug, PartialEq, TrackSet)]
/// enum Ranking {
///     #[track(control)]
///     ByPrice,
///     ByTaste,
/// }
///
/// assert_eq!(tracks_of::<Ranking>(), [Ranking::ByPrice, Ranking::ByTaste]);
/// # }
/// ```
///
/// Control is one of them, at its place in the enum.
pub fn tracks_of<E: TrackSet>() -> Vec<E> {
    E::track_set().into_variants()
}

impl TracksLayer {
    /// Puts every request into this track of this set, to test a handler there.
    ///
    /// The pin applies to every key, also to requests without one, and ignores eligibility, weights and
    /// shares. The reason is `bucketed`, and exposures are reported as usual. There is no coin. A group
    /// has one pin: the last. Pauses, exclusion and consent apply as usual, with one exception:
    /// requests without a `User-Agent` are not bots from here on, because requests of a test rarely
    /// have one. Visitor cookies are not signed, unless the layer is configured with `sign`.
    ///
    /// ```
    /// use tower_tracks::{SimpleTrackSet, TracksLayer};
    ///
    /// let delay = SimpleTrackSet::new("delay").track("short", 500).build()?;
    /// let layer = TracksLayer::new(delay).pin("delay", "short")?;
    /// assert!(layer.pin("delay", "long").is_err());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// If the layer does not have the set at this point, or the set does not have the track.
    pub fn pin(self, set: &str, track: &str) -> Result<Self, UnknownTrack> {
        let is_named = |candidate: &Track| candidate.name() == track;
        self.pin_where(|candidate| candidate.name() == set, is_named)
            .ok_or_else(|| UnknownTrack {
                set: set.to_owned(),
                track: Some(track.to_owned()),
            })
    }

    /// Puts every request into the track of this variant of an enum; see [`pin`](Self::pin).
    ///
    /// ```
    /// use tower_tracks::{TrackSet, TracksLayer};
    ///
    /// #[derive(Clone, Copy, Debug, TrackSet)]
    /// enum Ranking {
    ///     #[track(control)]
    ///     ByPrice,
    ///     ByTaste,
    /// }
    ///
    /// let layer = TracksLayer::new(Ranking::track_set().build()?).pin_typed(Ranking::ByTaste)?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// If the layer has no set of this enum yet.
    pub fn pin_typed<E: TrackSet>(self, variant: E) -> Result<Self, UnknownTrack> {
        let is_typed = |set: &Set| set.typed() == Some(TypeId::of::<E>());
        let wanted = discriminant(&variant);
        // By the discriminant, because `E` need not implement `PartialEq`.
        let is_variant = |track: &Track| track.carried::<E>().map(discriminant) == Some(wanted);
        self.pin_where(is_typed, is_variant)
            .ok_or_else(|| UnknownTrack {
                set: E::NAME.to_owned(),
                track: None,
            })
    }
}

/// The error of a pin to a set or a track that the layer does not have.
///
/// ```
/// use tower_tracks::{SimpleTrackSet, TracksLayer};
///
/// let delay = SimpleTrackSet::new("delay").track("short", 500).build()?;
/// let error = TracksLayer::new(delay).pin("delay", "long").unwrap_err();
/// let message = "the layer has no set \"delay\" with a track \"long\"";
/// assert_eq!(error.to_string(), message);
/// # Ok::<(), tower_tracks::DefinitionError>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct UnknownTrack {
    set: String,
    /// The name of the track; `None` if the pin was of a typed set.
    track: Option<String>,
}

impl fmt::Display for UnknownTrack {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let set = &self.set;
        match &self.track {
            Some(track) => write!(f, "the layer has no set {set:?} with a track {track:?}"),
            None => write!(f, "the layer does not have the typed set {set:?}"),
        }
    }
}

debug_as_message!(UnknownTrack);

impl error::Error for UnknownTrack {}
