use std::{borrow::Cow, fmt, sync::Arc, time::Instant};

use crate::{assign::Set, store::Timestamp};

#[cfg(feature = "dashboard")]
use super::snapshot::Snapshot;
use super::{
    act::{Act, Step},
    change::Change,
    code::Code,
    error::ControlError,
    proposal::{Proposal, Proposed},
    shared::Shared,
    state::State,
};

/// The control of one set.
///
/// [`Controls::set`](super::Controls::set) and [`Controls::of`](super::Controls::of) return it. Each method
/// that makes a change takes its author and its reason, which must not be blank, and returns the change as
/// the log has it. The layers of this program apply it before the method returns, if it is in force already,
/// unless the log cannot be read just then.
///
/// They fail if the change would have no effect, if another change of the set was faster, or if the log
/// cannot be written; see [`ControlError`].
pub struct Control<'a> {
    shared: &'a Shared,
    set: Arc<Set>,
    is_alone: bool,
    /// The name by which the set was asked for. It may be a former one, which nodes of before and after a
    /// rename both know.
    name: String,
}

impl<'a> Control<'a> {
    pub(super) fn new(shared: &'a Shared, (set, is_alone): (Arc<Set>, bool), name: &str) -> Self {
        Self {
            shared,
            set,
            is_alone,
            name: name.to_owned(),
        }
    }

    /// Returns what is in force.
    ///
    /// ```
    /// # use tower_tracks::{SimpleTrackSet, TracksLayer, control::{Controls, MemoryLog}};
    /// # let delay = SimpleTrackSet::new("delay").track("long", 2000).build()?;
    /// # let controls = Controls::builder(MemoryLog::default()).start()?;
    /// # let _layer = TracksLayer::new(delay).controls(&controls);
    /// let state = controls.set("delay")?.state();
    /// assert_eq!((state.share, state.paused, state.shipped), (1.0, None, None));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn state(&self) -> State {
        self.shared.state(self.code())
    }

    /// Pauses the set: every request gets control, and none is counted.
    ///
    /// ```
    /// # use tower_tracks::{SimpleTrackSet, TracksLayer, control::{Controls, MemoryLog}};
    /// # let delay = SimpleTrackSet::new("delay").track("long", 2000).build()?;
    /// # let controls = Controls::builder(MemoryLog::default()).start()?;
    /// # let _layer = TracksLayer::new(delay).controls(&controls);
    /// let change = controls.set("delay")?.pause("alice", "errors in checkout")?;
    /// // At once: a pause has no delay.
    /// assert_eq!(change.effective_at, change.at);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn pause(&self, author: &str, reason: &str) -> Result<Change, ControlError> {
        self.make(Act::Pause, author, reason)
    }

    /// Ends a pause.
    ///
    /// ```
    /// # use tower_tracks::{SimpleTrackSet, TracksLayer, control::{Controls, MemoryLog}};
    /// # let delay = SimpleTrackSet::new("delay").track("long", 2000).build()?;
    /// # let controls = Controls::builder(MemoryLog::default()).start()?;
    /// # let _layer = TracksLayer::new(delay).controls(&controls);
    /// let set = controls.set("delay")?;
    /// set.pause("alice", "errors in checkout")?;
    /// let change = set.resume("alice", "the fault is mended")?;
    /// // In five seconds, on all nodes together.
    /// assert!(change.effective_at > change.at);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn resume(&self, author: &str, reason: &str) -> Result<Change, ControlError> {
        self.make(Act::Resume, author, reason)
    }

    /// Enrols another share of the units, from 0 to 1.
    ///
    /// A larger share lets more units in. A smaller one lets the last ones out, in every track alike. They
    /// still count, so the effect is diluted; [`close`](Self::close) does not have this disadvantage.
    ///
    /// ```
    /// # use tower_tracks::{SimpleTrackSet, TracksLayer, control::{Controls, MemoryLog}};
    /// # let delay = SimpleTrackSet::new("delay").track("long", 2000).build()?;
    /// # let controls = Controls::builder(MemoryLog::default()).start()?;
    /// # let _layer = TracksLayer::new(delay).controls(&controls);
    /// let set = controls.set("delay")?;
    /// set.share(0.25, "alice", "a smaller part is enough")?;
    /// assert_eq!(set.state().share, 0.25);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn share(&self, share: f64, author: &str, reason: &str) -> Result<Change, ControlError> {
        let over = self.set.share();
        self.make(Act::Share { share, over }, author, reason)
    }

    /// Raises the share at several times. Before the first step, the share stays as it is.
    ///
    /// ```
    /// # use tower_tracks::{SimpleTrackSet, TracksLayer, control::{Controls, MemoryLog}};
    /// use std::time::Duration;
    /// use tower_tracks::{control::Step, store::Timestamp};
    ///
    /// # let delay = SimpleTrackSet::new("delay").track("long", 2000).build()?;
    /// # let controls = Controls::builder(MemoryLog::default()).start()?;
    /// # let _layer = TracksLayer::new(delay).controls(&controls);
    /// let in_days = |days: u64| Timestamp::now().plus(Duration::from_secs(86_400 * days));
    /// let steps = [(1, 0.1), (2, 0.5), (3, 1.0)];
    /// let steps = steps.map(|(days, share)| Step { at: in_days(days), share });
    /// let change = controls.set("delay")?.ramp(steps, "alice", "nothing broke at 1%")?;
    /// assert_eq!(change.act.to_string(), "ramp to 100% in 3 steps");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn ramp(
        &self,
        steps: impl Into<Vec<Step>>,
        author: &str,
        reason: &str,
    ) -> Result<Change, ControlError> {
        let (steps, over) = (steps.into(), self.set.share());
        self.make(Act::Ramp { steps, over }, author, reason)
    }

    /// Ends the enrolment: units that are exposed later are served as before, but not analysed.
    ///
    /// ```
    /// # use tower_tracks::{SimpleTrackSet, TracksLayer, control::{Controls, MemoryLog}};
    /// # let delay = SimpleTrackSet::new("delay").track("long", 2000).build()?;
    /// # let controls = Controls::builder(MemoryLog::default()).start()?;
    /// # let _layer = TracksLayer::new(delay).controls(&controls);
    /// let set = controls.set("delay")?;
    /// let change = set.close("alice", "enough units")?;
    /// assert_eq!(set.state().closed_at, Some(change.at));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn close(&self, author: &str, reason: &str) -> Result<Change, ControlError> {
        self.make(Act::Close, author, reason)
    }

    /// Ships a track: every eligible request gets it, also of bots and without consent, because the
    /// test has ended. Nothing is recorded.
    ///
    /// ```
    /// # use tower_tracks::{SimpleTrackSet, TracksLayer, control::{Controls, MemoryLog}};
    /// # let delay = SimpleTrackSet::new("delay").track("long", 2000).build()?;
    /// # let controls = Controls::builder(MemoryLog::default()).start()?;
    /// # let _layer = TracksLayer::new(delay).controls(&controls);
    /// let set = controls.set("delay")?;
    /// // Control is what everybody had before the test, so it ships at once.
    /// let change = set.ship("control", "alice", "no effect in four weeks")?;
    /// assert_eq!(set.state().shipped.map(|shipped| shipped.by), Some(change.number));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn ship(&self, track: &str, author: &str, reason: &str) -> Result<Change, ControlError> {
        let track = Cow::Owned(track.to_owned());
        self.make(Act::Ship { track }, author, reason)
    }

    /// Leaves out of the analysis the units whose first exposure is in a span, in every track, as after an
    /// outage.
    ///
    /// ```
    /// # use tower_tracks::{SimpleTrackSet, TracksLayer, control::{Controls, MemoryLog}};
    /// use std::time::Duration;
    /// use tower_tracks::store::Timestamp;
    ///
    /// # let delay = SimpleTrackSet::new("delay").track("long", 2000).build()?;
    /// # let controls = Controls::builder(MemoryLog::default()).start()?;
    /// # let _layer = TracksLayer::new(delay).controls(&controls);
    /// let until = Timestamp::now();
    /// let from = until.minus(Duration::from_secs(3600));
    /// let set = controls.set("delay")?;
    /// set.exclude(from, until, "alice", "the payment provider was down")?;
    /// assert_eq!(set.state().excluded.len(), 1);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn exclude(
        &self,
        from: Timestamp,
        until: Timestamp,
        author: &str,
        reason: &str,
    ) -> Result<Change, ControlError> {
        self.make(Act::Exclude { from, until }, author, reason)
    }

    /// Returns to the code: ends what all earlier changes of the set did, also a close and the excluded
    /// spans.
    ///
    /// ```
    /// # use tower_tracks::{SimpleTrackSet, TracksLayer, control::{Controls, MemoryLog}};
    /// # let delay = SimpleTrackSet::new("delay").track("long", 2000).build()?;
    /// # let controls = Controls::builder(MemoryLog::default()).start()?;
    /// # let _layer = TracksLayer::new(delay).controls(&controls);
    /// let set = controls.set("delay")?;
    /// set.share(0.25, "alice", "a smaller part is enough")?;
    /// set.close("alice", "enough units")?;
    /// set.reset("alice", "the wrong set")?;
    /// // It enrols more units, so it begins in five seconds.
    /// assert!(set.state().next.is_some());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn reset(&self, author: &str, reason: &str) -> Result<Change, ControlError> {
        self.make(Act::Reset, author, reason)
    }

    /// Approves a change of another person, where [two people](super::ControlsBuilder::two_people) are
    /// required.
    ///
    /// ```
    /// use tower_tracks::{SimpleTrackSet, TracksLayer, control::{Controls, MemoryLog}};
    ///
    /// let delay = SimpleTrackSet::new("delay").track("long", 2000).share(0.01).build()?;
    /// let controls = Controls::builder(MemoryLog::default()).two_people().start()?;
    /// let layer = TracksLayer::new(delay).controls(&controls);
    ///
    /// let set = controls.set("delay")?;
    /// let raise = set.share(0.5, "alice", "nothing broke at 1%")?;
    /// assert!(set.approve(raise.number, "alice", "fine").is_err());
    /// set.approve(raise.number, "bob", "the error rate is flat")?;
    /// assert!(set.state().pending.is_empty());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn approve(&self, number: u64, author: &str, reason: &str) -> Result<Change, ControlError> {
        self.make(Act::Approve { change: number }, author, reason)
    }

    /// Makes a change of the set, as a program does that takes it from a form or a command line.
    pub fn make(&self, act: Act, author: &str, reason: &str) -> Result<Change, ControlError> {
        // So that the change is checked against what other nodes have made by now.
        self.shared.refresh();
        let proposed = self.proposed(act, author, reason)?;
        self.shared.append(&proposed.draft, proposed.previous)
    }

    /// Makes a change for a person who knows the changes of the set up to a number. A later one is a
    /// conflict, since the person has decided without it.
    #[cfg(feature = "dashboard")]
    pub(crate) fn make_after(
        &self,
        previous: u64,
        act: Act,
        author: &str,
        reason: &str,
    ) -> Result<Change, ControlError> {
        self.shared.refresh();
        // Before the rules: an act that a faster change made pointless is a conflict, too.
        self.expect(previous)?;
        let proposed = self.proposed(act, author, reason)?;
        self.expect(previous)?;
        self.shared.append(&proposed.draft, proposed.previous)
    }

    /// Fails if the last known change of the set has another number.
    #[cfg(feature = "dashboard")]
    fn expect(&self, previous: u64) -> Result<(), ControlError> {
        let last = self.snapshot().changes.pop();
        match last.filter(|change| change.number != previous) {
            Some(faster) => Err(ControlError::Conflict(Box::new(faster))),
            None => Ok(()),
        }
    }

    /// Returns the set with its changes at this moment.
    #[cfg(feature = "dashboard")]
    pub(crate) fn snapshot(&self) -> Snapshot {
        let (known, when) = (self.shared.known(), Instant::now());
        let state = known.state(self.code(), when);
        let rules = self.shared.settings().rules;
        Snapshot::new(
            (Arc::clone(&self.set), self.is_alone),
            known.changes(),
            (state, known.now(when)),
            rules,
        )
    }

    /// Returns the change to append. To a log that has lost changes, only a pause can be.
    fn proposed(&self, act: Act, author: &str, reason: &str) -> Result<Proposed, ControlError> {
        let known = self.shared.known();
        let known = match (known.rest(), &act) {
            (None, _) => &known,
            (Some(_), Act::Pause) => known.current(),
            (Some(_), _) => return Err(ControlError::Regressed),
        };
        let proposal = Proposal {
            act,
            author,
            reason,
            rules: self.shared.settings().rules,
        };
        let proposed = proposal.draft(self.code(), known.changes(), known.now(Instant::now()));
        let mut proposed = proposed.map_err(ControlError::Refused)?;
        proposed.draft.set.clone_from(&self.name);
        proposed.previous = known.last_of(&self.name, proposed.draft.phase);
        Ok(proposed)
    }

    /// Returns the number of the phase of the set in this program.
    #[cfg(feature = "dashboard")]
    pub(crate) fn phase(&self) -> u32 {
        self.set.phase()
    }

    fn code(&self) -> Code<'_> {
        Code::new(&self.set, self.is_alone)
    }
}

impl fmt::Debug for Control<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Control")
            .field("set", &self.set.name())
            .finish_non_exhaustive()
    }
}
