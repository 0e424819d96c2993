//! Counts of lost events, by sink, reason, and track or goal.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use crate::{
    event::{Exposure, Goal},
    record::sinks::Record,
    store::{LostReason, TrackName},
};

use super::{
    event::Event,
    lost_names::{Names, What},
};

/// The number of events that a sink lost since the recorder started.
///
/// A recorder counts losses of the first 1,000 goals and 10,000 tracks separately. Losses of further goals
/// are counted under the goal `other`, and losses of further tracks without a track. An alias has neither a
/// track nor a goal.
///
/// Losses that differ between the tracks of a set bias its results, so a store keeps them and a
/// report tests whether they are even.
///
/// ```
/// use std::time::Duration;
///
/// use tower_tracks::{Key, Units, record::Recorder, store::Memory};
///
/// let units = Units::pseudonym("sixteen random bytes, or more")?;
/// let recorder = Recorder::builder(units).store(Memory::default()).start()?;
/// recorder.shutdown(Duration::ZERO).wait();
/// recorder.reached(&Key::from("alice"), "signup").every_time()?;
/// for lost in recorder.losses() {
///     println!("{} lost {} events: {}", lost.sink, lost.n, lost.reason);
/// }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Lost {
    /// The name of the sink that lost them.
    pub sink: Arc<str>,
    /// Why they were lost, such as [`QueueFull`](LostReason::QueueFull).
    pub reason: LostReason,
    /// The track with its set and phase, for exposures.
    pub track: Option<TrackName>,
    /// The goal, for conversions.
    pub goal: Option<Goal>,
    /// The number of lost events.
    pub n: u64,
}

/// The lost events.
///
/// The lock is never held during I/O, and taken only where something is lost.
#[derive(Default)]
pub(super) struct Losses(Mutex<State>);

/// The counts, behind one lock. The names of tracks and goals are replaced by small numbers, so
/// that counting allocates nothing for a known name.
#[derive(Default)]
struct State {
    names: Names,
    /// The counts of each sink. Two sinks of the same name are counted together.
    sinks: Vec<(Arc<str>, Counts)>,
}

/// The losses of a sink, by reason and event.
type Counts = HashMap<(LostReason, What), u64>;

/// The track or goal of an event that is lost: of an event in the queue, or of a record that a sink
/// refused.
pub(super) enum LostEvent<'a> {
    Exposure(&'a Exposure),
    Conversion(&'a Goal),
    Alias,
}

impl Losses {
    /// Counts a lost event.
    pub(super) fn count<'a>(
        &self,
        sink: &Arc<str>,
        reason: LostReason,
        event: impl Into<LostEvent<'a>>,
    ) {
        let event = event.into();
        // A panic between two counts leaves both as they were, so the lock is taken even if it is
        // poisoned.
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let what = state.names.what(&event);
        *state.of_sink(sink).entry((reason, what)).or_default() += 1;
    }

    /// Returns all losses, sorted.
    pub(super) fn all(&self) -> Vec<Lost> {
        let state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut all: Vec<Lost> = state.all().collect();
        // Events are lost on the request path, which would wait for this lock during the sorting.
        drop(state);
        all.sort_unstable_by(|one, other| one.key().cmp(&other.key()));
        all
    }
}

impl State {
    /// Returns the counts of a sink.
    fn of_sink(&mut self, sink: &Arc<str>) -> &mut Counts {
        // A recorder has few sinks, so this is faster than hashing the name for each loss.
        let known = self.sinks.iter().position(|(name, _)| name == sink);
        let index = known.unwrap_or_else(|| {
            self.sinks.push((Arc::clone(sink), Counts::default()));
            self.sinks.len() - 1
        });
        &mut self.sinks[index].1
    }

    fn all(&self) -> impl Iterator<Item = Lost> {
        self.sinks.iter().flat_map(|(sink, counts)| {
            counts.iter().map(|((reason, what), n)| {
                let (track, goal) = self.names.name(*what);
                Lost {
                    sink: Arc::clone(sink),
                    reason: *reason,
                    track,
                    goal,
                    n: *n,
                }
            })
        })
    }
}

impl Lost {
    /// Returns all but the number: by it, losses are sorted and told apart.
    pub(in crate::record) fn key(&self) -> (&str, LostReason, Option<&TrackName>, Option<&Goal>) {
        let (track, goal) = (self.track.as_ref(), self.goal.as_ref());
        (&self.sink, self.reason, track, goal)
    }
}

impl<'a> From<&'a Event> for LostEvent<'a> {
    fn from(event: &'a Event) -> Self {
        match event {
            Event::Exposure(exposure) => Self::Exposure(exposure),
            Event::Conversion(conversion) => Self::Conversion(conversion.goal()),
            Event::Alias(_) => Self::Alias,
        }
    }
}

impl<'a> From<&'a Record> for LostEvent<'a> {
    fn from(record: &'a Record) -> Self {
        match record {
            Record::Exposure { exposure, .. } => Self::Exposure(exposure),
            Record::Conversion { conversion, .. } => Self::Conversion(conversion.goal()),
            Record::Alias { .. } => Self::Alias,
        }
    }
}
