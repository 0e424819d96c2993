use std::{
    collections::{BTreeMap, HashMap},
    fmt,
    sync::{Arc, Mutex, PoisonError},
};

use crate::{
    assign::Set,
    event::{Exposure, Goal},
    record::{Record, TrackName},
};

use super::event::Event;

/// How many events did not come into a sink, since the recorder started.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lost {
    /// The sink that did not take them.
    pub sink: Arc<str>,
    /// Why.
    pub reason: LostReason,
    /// The track, for exposures.
    pub track: Option<TrackName>,
    /// The goal, for conversions.
    pub goal: Option<Goal>,
    /// How many.
    pub n: u64,
}

/// Why an event did not come into a sink.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum LostReason {
    /// The queue was full: the sink takes less than it is told.
    QueueFull,
    /// The recorder was shut down before.
    Closed,
    /// The recorder was shut down, and its time was over before this was written.
    TimeOver,
    /// It could neither be written nor set aside.
    Unwritable,
    /// It is of a set that is about another unit than its phase was so far.
    OtherUnit,
}

/// What was lost, by what it was.
///
/// The lock is never held during I/O, and taken only where something is lost.
#[derive(Default)]
pub(super) struct Losses(Mutex<HashMap<Key, Entry>>);

struct Entry {
    lost: Lost,
    /// Keeps the address that the key has for its own.
    #[expect(dead_code, reason = "it is kept, not read")]
    set: Option<Arc<Set>>,
}

/// What tells losses apart, without an allocation.
#[derive(Clone, PartialEq, Eq, Hash)]
struct Key {
    lane: usize,
    reason: LostReason,
    what: What,
}

#[derive(Clone, PartialEq, Eq, Hash)]
enum What {
    /// The address of the set, which the entry keeps in its place, and the track.
    Exposure(usize, usize),
    Conversion(Goal),
    Alias,
}

/// What an event or a record is of.
pub(super) enum Lostling<'a> {
    Exposure(&'a Exposure),
    Conversion(&'a Goal),
    Alias,
}

impl Losses {
    /// Counts an event that does not come into a sink.
    pub(super) fn count<'a>(
        &self,
        lane: (usize, &Arc<str>),
        reason: LostReason,
        what: impl Into<Lostling<'a>>,
    ) {
        let what = what.into();
        let key = Key {
            lane: lane.0,
            reason,
            what: what.key(),
        };
        let mut losses = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let entry = losses.entry(key).or_insert_with(|| Entry {
            lost: what.lost(lane.1, reason),
            set: what.set().cloned(),
        });
        entry.lost.n += 1;
    }

    /// Returns all of them, sorted.
    pub(super) fn all(&self) -> Vec<Lost> {
        let losses = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let all: Vec<Lost> = losses.values().map(|entry| entry.lost.clone()).collect();
        drop(losses);
        // A program may build the same set twice.
        let mut merged = BTreeMap::new();
        for Lost {
            sink,
            reason,
            track,
            goal,
            n,
        } in all
        {
            *merged.entry((sink, reason, track, goal)).or_default() += n;
        }
        let lost = |((sink, reason, track, goal), n)| Lost {
            sink,
            reason,
            track,
            goal,
            n,
        };
        merged.into_iter().map(lost).collect()
    }
}

impl Lostling<'_> {
    fn key(&self) -> What {
        match self {
            Self::Exposure(exposure) => match exposure.met() {
                Some((set, track)) => What::Exposure(Arc::as_ptr(set).addr(), track),
                None => What::Exposure(0, 0),
            },
            Self::Conversion(goal) => What::Conversion((*goal).clone()),
            Self::Alias => What::Alias,
        }
    }

    fn set(&self) -> Option<&Arc<Set>> {
        match self {
            Self::Exposure(exposure) => exposure.met().map(|(set, _)| set),
            Self::Conversion(_) | Self::Alias => None,
        }
    }

    fn lost(&self, sink: &Arc<str>, reason: LostReason) -> Lost {
        let track = match self {
            Self::Exposure(exposure) => exposure.met(),
            Self::Conversion(_) | Self::Alias => None,
        };
        let track = track.and_then(|(set, index)| Some((set, set.tracks().get(index)?)));
        Lost {
            sink: Arc::clone(sink),
            reason,
            track: track.map(|(set, track)| TrackName::of(set, track)),
            goal: match self {
                Self::Conversion(goal) => Some((*goal).clone()),
                Self::Exposure(_) | Self::Alias => None,
            },
            n: 0,
        }
    }
}

impl<'a> From<&'a Event> for Lostling<'a> {
    fn from(event: &'a Event) -> Self {
        match event {
            Event::Exposure(exposure) => Self::Exposure(exposure),
            Event::Conversion(conversion) => Self::Conversion(conversion.goal()),
            Event::Alias(_) => Self::Alias,
        }
    }
}

impl<'a> From<&'a Record> for Lostling<'a> {
    fn from(record: &'a Record) -> Self {
        match record {
            Record::Exposure { exposure, .. } => Self::Exposure(exposure),
            Record::Conversion { conversion, .. } => Self::Conversion(conversion.goal()),
            Record::Alias { .. } => Self::Alias,
        }
    }
}

impl LostReason {
    /// Returns the reason as it is recorded, such as `queue-full`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::QueueFull => "queue-full",
            Self::Closed => "closed",
            Self::TimeOver => "time-over",
            Self::Unwritable => "unwritable",
            Self::OtherUnit => "other-unit",
        }
    }
}

impl fmt::Display for LostReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
