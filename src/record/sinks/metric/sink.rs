//! The sink, its metrics and their labels.

use std::{collections::HashMap, fmt};

use metrics::{
    Label, SharedString, Unit, counter, describe_counter, describe_histogram, histogram,
};

use crate::{
    event::Goal,
    record::{
        recorder::Lost,
        sinks::{Record, Sink, SinkError, Taken},
    },
    store::{TrackName, WriterRow, facts::Listed},
    unit::Units,
};

use super::batch::{Counts, Readings};

/// The metric of readings of tracks.
const EXPOSURES: &str = "tracks_exposures_total";
/// The metric of the time to the head of the response.
const DURATIONS: &str = "tracks_request_duration_seconds";
/// The metric of conversions.
const CONVERSIONS: &str = "tracks_conversions_total";
/// The metric of lost events of all sinks.
const LOST: &str = "tracks_lost_total";

/// The label of all tracks or goals that have no label of their own.
const OTHER: &str = "other";

/// A sink that counts events with the crate `metrics`, in the metrics recorder that the application
/// installed.
///
/// Its name among the sinks is `metrics`.
///
/// metric | labels | contents
/// --- | --- | ---
/// `tracks_exposures_total` | `set`, `phase`, `track`, `outcome` | readings of tracks; the outcome of the request is `completed`, `failed`, `cancelled` or `panicked`, and `none` outside a request
/// `tracks_request_duration_seconds` | `set`, `phase`, `track` | a histogram of the time to the head of the response, for requests that read the track
/// `tracks_conversions_total` | `goal` | conversions
/// `tracks_lost_total` | `sink`, `reason`, and `set`, `phase` and `track`, or `goal` | events that a sink lost
///
/// They count events, not units: they show that a test runs and how its requests perform, but not
/// which track is better.
///
/// ```
/// use tower_tracks::{Units, record::{Metrics, Recorder}};
///
/// let units = Units::pseudonym("sixteen random bytes, or more")?;
/// let recorder = Recorder::builder(units).sink(Metrics::new()).start()?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # When events are counted
///
/// Counters grow when the thread of the sink writes a batch, about a second after the event. Losses
/// of all sinks are added every ten seconds, at a flush and at the end; see
/// [`settle`](crate::record::RecorderBuilder::settle).
#[must_use = "it is given to a recorder"]
pub struct Metrics {
    tracks: Listed<TrackName>,
    goals: Listed<Goal>,
    /// The number of tracks, and of goals, with labels of their own.
    most: usize,
    /// The losses that were counted, by their keys.
    lost: Vec<Lost>,
}

impl Metrics {
    /// Returns a sink with labels for the first 500 tracks and the first 500 goals.
    ///
    /// ```
    /// use tower_tracks::{Units, record::{Metrics, Recorder}, store::Memory};
    ///
    /// let units = Units::pseudonym("sixteen random bytes, or more")?;
    /// let recorder = Recorder::builder(units)
    ///     .store(Memory::default())
    ///     .sink(Metrics::new())
    ///     .start()?;
    /// assert!(recorder.tallies().get("metrics").is_some());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn new() -> Self {
        Self {
            tracks: Listed::default(),
            goals: Listed::default(),
            most: 500,
            lost: Vec::new(),
        }
    }

    /// Sets how many tracks, and how many goals, have labels of their own. Defaults to 500.
    ///
    /// The first tracks and goals get them. For all others, each label is `other`. This limits the number of
    /// series in a program that keeps building sets.
    ///
    /// ```
    /// use tower_tracks::record::Metrics;
    ///
    /// let metrics = Metrics::new().labels(50);
    /// ```
    pub fn labels(mut self, most: usize) -> Self {
        self.most = most;
        self
    }

    /// Returns the labels `set`, `phase` and `track`. They are `other` together, so that a series
    /// never mixes a known set with an unknown track.
    fn track_labels(&mut self, track: &TrackName) -> Vec<Label> {
        let values = match self.tracks.first(track, self.most) {
            Some(_) => [
                track.phase.set.clone().into(),
                track.phase.phase.to_string().into(),
                track.track.clone().into(),
            ],
            None => [const { SharedString::const_str(OTHER) }; 3],
        };
        let labels = ["set", "phase", "track"].into_iter().zip(values);
        labels
            .map(|(name, value)| Label::new(name, value))
            .collect()
    }

    /// Returns the label `goal`, which is `other` for further goals.
    fn goal_label(&mut self, goal: &Goal) -> Label {
        let is_first = self.goals.first(goal, self.most).is_some();
        Label::new(
            "goal",
            if is_first { goal.as_str() } else { OTHER }.to_owned(),
        )
    }

    /// Adds the counts of a batch to the metrics.
    fn count(&mut self, counts: Counts) {
        for (track, readings) in counts.tracks.into_values() {
            count_readings(self.track_labels(&track), readings);
        }
        for (goal, n) in counts.goals {
            counter!(CONVERSIONS, vec![self.goal_label(&goal)]).increment(n);
        }
    }

    /// Adds further losses. Only exposures have the labels of a track, and only conversions that of
    /// a goal.
    fn count_lost(&mut self, lost: &Lost, n: u64) {
        let mut labels = vec![
            Label::new("sink", SharedString::from(lost.sink.clone())),
            Label::from_static_parts("reason", lost.reason.as_str()),
        ];
        if let Some(track) = &lost.track {
            labels.extend(self.track_labels(track));
        }
        if let Some(goal) = &lost.goal {
            labels.push(self.goal_label(goal));
        }
        counter!(LOST, labels).increment(n);
    }
}

impl Sink for Metrics {
    fn name(&self) -> &str {
        "metrics"
    }

    fn begin(&mut self, _: &WriterRow, _: &Units) -> Result<(), SinkError> {
        describe_counter!(EXPOSURES, Unit::Count, "Readings of tracks.");
        describe_counter!(CONVERSIONS, Unit::Count, "Goals that were reached.");
        describe_counter!(LOST, Unit::Count, "Events that did not come into a sink.");
        let text = "Time to the head of the response, of requests that read a track.";
        describe_histogram!(DURATIONS, Unit::Seconds, text);
        Ok(())
    }

    fn write(&mut self, records: &[Record]) -> Result<Taken, SinkError> {
        self.count(Counts::of(records));
        Ok(Taken::all(records))
    }

    /// Counts the losses since the last time: several recorders may share one series.
    fn settle(&mut self, losses: &[Lost]) -> Result<(), SinkError> {
        let before = std::mem::take(&mut self.lost);
        let before: HashMap<_, u64> = before.iter().map(|lost| (lost.key(), lost.n)).collect();
        for lost in losses {
            let counted = before.get(&lost.key()).copied().unwrap_or_default();
            match lost.n.saturating_sub(counted) {
                0 => {}
                n => self.count_lost(lost, n),
            }
        }
        self.lost = losses.to_vec();
        Ok(())
    }
}

/// Adds what was counted of a batch for one track, each series once.
fn count_readings(labels: Vec<Label>, readings: Readings) {
    for (outcome, n) in readings.outcomes {
        let outcome = Label::from_static_parts("outcome", outcome);
        let labels: Vec<Label> = labels.iter().cloned().chain([outcome]).collect();
        counter!(EXPOSURES, labels).increment(n);
    }
    let durations = histogram!(DURATIONS, labels);
    for duration in readings.durations {
        durations.record(duration);
    }
}

impl Default for Metrics {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for Metrics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Metrics").finish_non_exhaustive()
    }
}
