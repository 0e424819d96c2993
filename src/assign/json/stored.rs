use crate::assign::{Choice, Key, MultiTrackSet, Set};

/// A group that was read from JSON, to recompute its assignments.
///
/// It has everything that decides a track, but nothing of the program: it does not know which units are
/// eligible, and its tracks carry nothing. So it cannot be a group of a layer.
///
/// Built groups and sets serialize to JSON:
///
/// ```
/// use tower_tracks::{SimpleTrackSet, assign::StoredSets};
///
/// let delay = SimpleTrackSet::new("delay").track("short", 500).track("long", 2000).build()?;
/// let json = serde_json::to_string(&delay)?;
///
/// let stored: StoredSets = serde_json::from_str(&json)?;
/// assert_eq!(stored.assign("alice", |_| true).to_string(), "delay/short");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// If the JSON has a `fingerprint`, it must match the definition. To read a share with many digits exactly,
/// use a JSON parser that keeps them, such as serde_json with `float_roundtrip`.
#[derive(Debug, Clone, serde::Serialize)]
#[serde(transparent)]
pub struct StoredSets(pub(super) MultiTrackSet);

impl StoredSets {
    /// Returns the choice for a key. `eligible` returns whether the key was eligible for a set; it is called
    /// at most once for each set.
    ///
    /// Pins are not in the JSON: a pinned key gets the track that it would have without the pin.
    ///
    /// ```
    /// use tower_tracks::{SimpleTrackSet, assign::StoredSets};
    ///
    /// let delay = SimpleTrackSet::new("delay").track("short", 500).track("long", 2000).build()?;
    /// let stored: StoredSets = serde_json::from_str(&serde_json::to_string(&delay)?)?;
    /// assert_eq!(stored.assign("alice", |set| set.name() == "delay").track(), Some("short"));
    /// assert_eq!(stored.assign("alice", |_| false).to_string(), "(ineligible)");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn assign<'k>(
        &self,
        key: impl Into<Key<'k>>,
        eligible: impl Fn(&Set) -> bool,
    ) -> Choice<'_> {
        let sets = &self.0.sets;
        Choice::new(sets, sets.pick_among(&key.into(), eligible))
    }

    /// Returns the name of the group.
    ///
    /// ```
    /// use tower_tracks::assign::StoredSets;
    ///
    /// let json = r#"{"name": "page", "sets": [{"name": "delay", "tracks": [{"name": "short"}]}]}"#;
    /// let stored: StoredSets = serde_json::from_str(json)?;
    /// assert_eq!(stored.name(), "page");
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    pub fn name(&self) -> &str {
        self.0.name()
    }

    /// Returns the sets in the order in which they were written.
    ///
    /// Settings that the JSON omits have their defaults: the weight 100, the share 1, the phase 1, the unit
    /// `visitor`, the weight 1 of a track.
    ///
    /// ```
    /// use tower_tracks::assign::StoredSets;
    ///
    /// let json = r#"{"name": "page", "sets": [{"name": "delay", "tracks": [{"name": "short"}]}]}"#;
    /// let stored: StoredSets = serde_json::from_str(json)?;
    /// let sets: Vec<_> = stored.sets().map(|set| (set.name(), set.unit_kind(), set.share())).collect();
    /// assert_eq!(sets, [("delay", "visitor", 1.0)]);
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    pub fn sets(&self) -> impl ExactSizeIterator<Item = &Set> {
        self.0.sets()
    }
}
