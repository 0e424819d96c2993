//! The unit of writing: a list of rows with the names that they refer to. The indices of one batch
//! mean nothing in another, and no id of a database leaves its store.

use std::sync::Arc;

use crate::event::Goal;

use super::{
    listed::Listed,
    names::{DefinitionName, PhaseName, TrackName},
    rows::{
        AliasRow, AsideRow, ConversionRow, DefinitionRow, ErasedRow, ExposureRow, LatencyRow,
        LossRow, PlanRow, RawUnitRow, SumRow, WriterRow,
    },
};

/// Facts that are written together: all of them, or none.
///
/// Names are listed once, and rows refer to them by index. So facts can be copied between stores by names;
/// the ids of a store stay private.
///
/// A recorder makes its own batches. Build one to write facts of your own, or to copy facts from
/// another system.
///
/// ```
/// use tower_tracks::{
///     Goal,
///     store::{Batch, ConversionRow, Memory, Store, Timestamp, WriterRow},
///     unit::Unit,
/// };
///
/// let at = Timestamp::now();
/// let mut batch = Batch::default();
/// let writer = batch.writer(&WriterRow::new([7; 16], at).node("shop"));
/// let goal = batch.goal(&Goal::new("bought")?);
/// let (unit, idem) = (Unit::from_bytes([1; 16]), [1; 16]);
/// batch.conversions.push(ConversionRow::new(goal, unit, idem, at, writer).value(2_500_000));
///
/// let written = Memory::default().write(&batch)?;
/// assert_eq!(written.conversions.new, 1);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
///
/// # Rows
///
/// The fields are lists of rows in any order. Rows may repeat each other; each type of row
/// documents which one stays. A row that refers to an index that is not listed makes the whole
/// batch [`Refused`](crate::store::StoreErrorKind::Refused).
///
/// # Memory
///
/// A batch is held in memory. For many facts, write several batches of a few thousand rows.
#[derive(Debug, Clone, Default)]
pub struct Batch {
    writers: Listed<WriterRow>,
    phases: Listed<PhaseName>,
    tracks: Listed<TrackName>,
    goals: Listed<Goal>,
    definition_names: Listed<DefinitionName>,
    segments: Listed<Arc<str>>,
    /// Definitions that were in force, with their JSON.
    pub definitions: Vec<DefinitionRow>,
    /// Plans of sets, with the times from which they were in force.
    pub plans: Vec<PlanRow>,
    /// The first exposures of units to tracks.
    pub exposures: Vec<ExposureRow>,
    /// Conversions of units.
    pub conversions: Vec<ConversionRow>,
    /// Pairs of visitors and users.
    pub aliases: Vec<AliasRow>,
    /// Sums over requests, of each writer since its start.
    pub sums: Vec<SumRow>,
    /// Numbers of requests by duration, of each writer since its start.
    pub latencies: Vec<LatencyRow>,
    /// Numbers of lost events, of each writer since its start.
    pub losses: Vec<LossRow>,
    /// Erased units. A store applies them before the facts of the batch.
    pub erased: Vec<ErasedRow>,
    /// Keys of raw units. A store writes them after the facts of the batch.
    pub raw_units: Vec<RawUnitRow>,
    /// Events that could not be written, for a person to inspect.
    pub aside: Vec<AsideRow>,
}

impl Batch {
    /// Returns the index of a writer, and lists it if necessary.
    ///
    /// Writers are compared by all fields. A store identifies a writer by its `uuid`, and keeps the first
    /// row.
    ///
    /// ```
    /// use tower_tracks::store::{Batch, Timestamp, WriterRow};
    ///
    /// let mut batch = Batch::default();
    /// let row = WriterRow::new([7; 16], Timestamp::now()).node("web-1");
    /// assert_eq!(batch.writer(&row), 0);
    /// assert_eq!(batch.writer(&row), 0);
    /// ```
    pub fn writer(&mut self, writer: &WriterRow) -> u32 {
        self.writers.index(writer)
    }

    /// Returns the index of a phase, and lists it if necessary.
    ///
    /// Listing a phase is enough to make it known to a store, without a row.
    ///
    /// ```
    /// use tower_tracks::store::{Batch, PhaseName};
    ///
    /// let mut batch = Batch::default();
    /// let phase = |set: &str| PhaseName { set: set.into(), phase: 1, kind: "visitor".into() };
    /// assert_eq!(batch.phase(&phase("delay")), 0);
    /// assert_eq!(batch.phase(&phase("color")), 1);
    /// assert_eq!(batch.phase(&phase("delay")), 0);
    /// ```
    pub fn phase(&mut self, phase: &PhaseName) -> u32 {
        self.phases.index(phase)
    }

    /// Returns the index of a track, and lists it, with its phase, if necessary.
    ///
    /// ```
    /// use tower_tracks::store::{Batch, PhaseName, TrackName};
    ///
    /// let phase = PhaseName { set: "delay".into(), phase: 1, kind: "visitor".into() };
    /// let mut batch = Batch::default();
    /// let track = batch.track(&TrackName { phase, track: "long".into(), control: false });
    /// assert_eq!(&*batch.tracks()[track as usize].track, "long");
    /// assert_eq!(batch.phases().len(), 1);
    /// ```
    pub fn track(&mut self, track: &TrackName) -> u32 {
        // A store writes phases before tracks, and finds the phase of a track in the list.
        self.phases.index(&track.phase);
        self.tracks.index(track)
    }

    /// Returns the index of a goal, and lists it if necessary.
    ///
    /// ```
    /// use tower_tracks::{Goal, store::Batch};
    ///
    /// let mut batch = Batch::default();
    /// let goal = batch.goal(&Goal::new("bought")?);
    /// assert_eq!(batch.goals()[goal as usize].as_str(), "bought");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn goal(&mut self, goal: &Goal) -> u32 {
        self.goals.index(goal)
    }

    /// Returns the index of a definition, and lists it, with its phase, if necessary.
    ///
    /// Its JSON is a [`DefinitionRow`], in this batch or another.
    ///
    /// The definition of an exposure must be one of the phase of its track.
    ///
    /// ```
    /// use tower_tracks::{SimpleTrackSet, store::{Batch, DefinitionName}};
    ///
    /// let group = SimpleTrackSet::new("delay").track("short", 500).track("long", 2000).build()?;
    /// let mut batch = Batch::default();
    /// for set in group.sets() {
    ///     assert_eq!(batch.definition(&DefinitionName::of(set)), 0);
    /// }
    /// assert_eq!(batch.phases()[0].to_string(), "delay");
    /// # Ok::<(), tower_tracks::DefinitionError>(())
    /// ```
    pub fn definition(&mut self, definition: &DefinitionName) -> u32 {
        // As for a track: its phase has to be written before it.
        self.phases.index(&definition.phase);
        self.definition_names.index(definition)
    }

    /// Returns the index of a segment, and lists it if necessary.
    ///
    /// A segment is a text of at most 4 KiB without a zero byte.
    ///
    /// ```
    /// use tower_tracks::store::Batch;
    ///
    /// let mut batch = Batch::default();
    /// let segment = batch.segment(&"mobile".into());
    /// assert_eq!(&*batch.segments()[segment as usize], "mobile");
    /// ```
    pub fn segment(&mut self, segment: &Arc<str>) -> u32 {
        self.segments.index(segment)
    }

    /// Returns the writers, by index.
    ///
    /// The list includes writers that no row refers to.
    ///
    /// The `writer` of a row is an index into it.
    pub fn writers(&self) -> &[WriterRow] {
        self.writers.items()
    }

    /// Returns the phases, by index.
    ///
    /// The list includes the phases of listed tracks and definitions.
    ///
    /// ```
    /// use tower_tracks::store::{Batch, PhaseName, TrackName};
    ///
    /// let phase = PhaseName { set: "delay".into(), phase: 3, kind: "visitor".into() };
    /// let mut batch = Batch::default();
    /// batch.track(&TrackName { phase, track: "long".into(), control: false });
    /// assert_eq!(batch.phases()[0].to_string(), "delay@3");
    /// ```
    pub fn phases(&self) -> &[PhaseName] {
        self.phases.items()
    }

    /// Returns the tracks, by index.
    ///
    /// The `track` of a row is an index into it. Each has its phase, which is also listed.
    pub fn tracks(&self) -> &[TrackName] {
        self.tracks.items()
    }

    /// Returns the goals, by index.
    ///
    /// The `goal` of a row is an index into it.
    pub fn goals(&self) -> &[Goal] {
        self.goals.items()
    }

    /// Returns the definitions that exposures refer to, by index.
    ///
    /// The `definition` of an exposure is an index into it. It has the fingerprints; the JSON is in
    /// [`definitions`](Self::definitions).
    pub fn definition_names(&self) -> &[DefinitionName] {
        self.definition_names.items()
    }

    /// Returns the segments, by index.
    ///
    /// The `segment` of an exposure is an index into it.
    pub fn segments(&self) -> &[Arc<str>] {
        self.segments.items()
    }

    /// Returns whether there is nothing to write.
    ///
    /// A listed writer, phase, track or definition is something to write. A goal or a
    /// segment without a row is not.
    ///
    /// ```
    /// use tower_tracks::store::{AliasRow, Batch, Timestamp};
    /// use tower_tracks::unit::Unit;
    ///
    /// let mut batch = Batch::default();
    /// assert!(batch.is_empty());
    /// let (visitor, user) = (Unit::from_bytes([1; 16]), Unit::from_bytes([2; 16]));
    /// batch.aliases.push(AliasRow::new(visitor, user, Timestamp::now()));
    /// assert!(!batch.is_empty());
    /// ```
    pub fn is_empty(&self) -> bool {
        self.rows() == 0 && self.writers().is_empty() && self.phases().is_empty()
    }

    /// Returns the number of rows, without the lists of names.
    ///
    /// Use it to limit the size of a batch.
    ///
    /// ```
    /// use tower_tracks::store::{Batch, ErasedRow, Timestamp};
    /// use tower_tracks::unit::Unit;
    ///
    /// let mut batch = Batch::default();
    /// let unit = Unit::from_bytes([1; 16]);
    /// batch.erased.push(ErasedRow::new(unit, Timestamp::now()));
    /// assert_eq!(batch.rows(), 1);
    /// ```
    pub fn rows(&self) -> usize {
        self.definitions.len()
            + self.plans.len()
            + self.exposures.len()
            + self.conversions.len()
            + self.aliases.len()
            + self.sums.len()
            + self.latencies.len()
            + self.losses.len()
            + self.erased.len()
            + self.raw_units.len()
            + self.aside.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_listed_item_has_one_index() {
        let mut batch = Batch::default();
        let phase = PhaseName {
            set: "delay".into(),
            phase: 1,
            kind: "visitor".into(),
        };
        let track = |name: &str| TrackName {
            phase: phase.clone(),
            track: name.into(),
            control: name == "control",
        };
        let indices = ["control", "long", "control"].map(|name| batch.track(&track(name)));
        assert_eq!(indices, [0, 1, 0]);
        assert_eq!((batch.tracks().len(), batch.phases().len()), (2, 1));
        assert!(!batch.is_empty() && batch.rows() == 0);
    }
}
