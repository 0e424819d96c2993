//! From the changes of a log to what is in force. A fold without a clock, so that every node, and
//! every later explanation of an assignment, gets the same result from the same changes.

use std::collections::BTreeMap;

use crate::store::Timestamp;

use super::{
    act::{Act, Step},
    change::Change,
    code::Code,
    course::Course,
    void::Void,
};

/// What is in force for a set at a point in time.
///
/// [`state`] returns it.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct State {
    /// What decides about requests.
    pub mode: Mode,
    /// The number of the change that paused the set.
    pub paused: Option<u64>,
    /// The track that was shipped.
    pub shipped: Option<Shipped>,
    /// The share of the units that are enrolled while nothing pauses the set or ships a track.
    pub share: f64,
    /// The number of the change that has set the share; `None` if it is that of the code.
    pub share_by: Option<u64>,
    /// The ramp with steps that are still to come.
    pub ramp: Option<Ramp>,
    /// When the enrolment was closed. The analysis has the units first exposed before.
    pub closed_at: Option<Timestamp>,
    /// The spans whose units are left out of the analysis.
    pub excluded: Vec<Span>,
    /// The numbers of the changes that wait for approval.
    pub pending: Vec<u64>,
    /// The numbers of the changes without effect, and why.
    pub void: Vec<(u64, Void)>,
    /// When the state changes next by the clock alone, as by a step of a ramp.
    pub next: Option<Timestamp>,
    /// The number of the last change of the set in this phase under its present name; 0 if there is none.
    /// An [`append`](super::ChangeLog::append) has to name it.
    pub last: u64,
}

/// What decides about the requests of a set.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub enum Mode {
    /// The code, with its share.
    Code,
    /// The code, with another share.
    Share(f64),
    /// Every request gets control, and none is counted.
    Paused,
    /// Every eligible request gets the track of this index.
    Shipped(usize),
}

/// A track that every eligible request gets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Shipped {
    /// The index of the track in its set.
    pub track: usize,
    /// The number of the change.
    pub by: u64,
}

/// A ramp in force, with its coming steps.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Ramp {
    /// The steps that are still to come; at least one.
    pub steps: Vec<Step>,
    /// The number of the change.
    pub by: u64,
}

/// A span of times of first exposures.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Span {
    /// The beginning.
    pub from: Timestamp,
    /// The end, which does not belong to it.
    pub until: Timestamp,
    /// The number of the change.
    pub by: u64,
}

/// Returns what is in force for a set at a moment.
///
/// Changes of other sets and other phases are ignored; those under a
/// [former name](crate::SimpleTrackSet::formerly) are changes of the set. Neither their order nor
/// repetitions matter. A pause takes precedence over a shipped track, and that over a share. Of the changes about one thing,
/// the one with the highest number is in force.
///
/// ```
/// use tower_tracks::{SimpleTrackSet, control::{Act, Code, Draft, Mode, state}, store::Timestamp};
///
/// let delay = SimpleTrackSet::new("delay").track("long", 2000).build()?;
/// let code = Code::of(&delay).next().expect("one set");
///
/// let noon = Timestamp::from_micros(43_200_000_000);
/// let half = Draft::new("delay", 1, Act::Share { share: 0.5, over: 1.0 }, "alice", "a first look");
/// let pause = Draft::new("delay", 1, Act::Pause, "bob", "errors in checkout");
/// let changes = [half.numbered(1, noon), pause.numbered(2, noon)];
///
/// assert_eq!(state(code, &changes[..1], noon).mode, Mode::Share(0.5));
/// assert_eq!(state(code, &changes, noon).mode, Mode::Paused);
/// # Ok::<(), tower_tracks::DefinitionError>(())
/// ```
pub fn state(code: Code<'_>, changes: &[Change], now: Timestamp) -> State {
    let set = code.set();
    let is_ours = |change: &&Change| set.is_named(&change.set) && change.phase == set.phase();
    let ours = changes.iter().filter(is_ours);
    let ours: BTreeMap<u64, &Change> = ours.map(|change| (change.number, change)).collect();
    let mut fold = Fold::new(code, now);
    // A log compares the changes of one name.
    let named = ours.values().filter(|change| change.set == set.name());
    fold.state.last = named.map(|change| change.number).max().unwrap_or_default();
    for effective in fold.effective(&ours) {
        match effective.from <= now {
            true => fold.apply(&effective),
            false => fold.coming.push(effective.from),
        }
    }
    fold.end()
}

/// A change that has an effect.
struct Effective<'a> {
    change: &'a Change,
    /// When it comes into force: of a change that needed approval, when the approval does.
    from: Timestamp,
}

/// The state so far, with what only the fold needs.
struct Fold<'a> {
    code: Code<'a>,
    now: Timestamp,
    state: State,
    course: Course<'a>,
    /// When changes that are not in force yet will be.
    coming: Vec<Timestamp>,
}

impl<'a> Fold<'a> {
    fn new(code: Code<'a>, now: Timestamp) -> Self {
        Self {
            code,
            now,
            state: State {
                mode: Mode::Code,
                paused: None,
                shipped: None,
                share: code.set().share(),
                share_by: None,
                ramp: None,
                closed_at: None,
                excluded: Vec::new(),
                pending: Vec::new(),
                void: Vec::new(),
                next: None,
                last: 0,
            },
            course: Course::of(code.set().share(), None),
            coming: Vec::new(),
        }
    }

    /// Returns the changes that have an effect, in the order in which they count. Notes the others.
    fn effective(&mut self, ours: &BTreeMap<u64, &'a Change>) -> Vec<Effective<'a>> {
        let mut pending = BTreeMap::new();
        let mut effective = Vec::new();
        for (&number, &change) in ours {
            let from = change.effective_at;
            match self.counts(change, &mut pending) {
                // Of a change that was approved, the place of the approval counts: the approver
                // knows the changes until then.
                Ok(Some(change)) => effective.push(Effective { change, from }),
                Ok(None) => {}
                Err(void) => self.state.void.push((number, void)),
            }
        }
        self.state.pending = pending.into_keys().collect();
        effective
    }

    /// Returns the change that counts from here on: none where it waits for approval, and the approved one
    /// where it is an approval.
    fn counts(
        &self,
        change: &'a Change,
        pending: &mut BTreeMap<u64, &'a Change>,
    ) -> Result<Option<&'a Change>, Void> {
        if let Some(void) = change.unsigned().or_else(|| change.act.void(&self.code)) {
            return Err(void);
        }
        if change.needs_approval {
            pending.insert(change.number, change);
            return Ok(None);
        }
        let Act::Approve { change: number } = change.act else {
            return Ok(Some(change));
        };
        let approved = pending.get(&number).ok_or(Void::NothingToApprove)?;
        match approved.is_by_author_of(change) {
            true => Err(Void::SameAuthor),
            false => Ok(pending.remove(&number)),
        }
    }

    fn apply(&mut self, effective: &Effective<'a>) {
        let by = effective.change.number;
        match &effective.change.act {
            Act::Pause => self.state.paused = Some(by),
            Act::Resume => self.state.paused = None,
            Act::Share { share, .. } => self.course = Course::of(*share, Some(by)),
            Act::Ramp { steps, .. } => self.course = self.course.ramp(effective.from, steps, by),
            Act::Close => {
                self.state.closed_at.get_or_insert(effective.from);
            }
            Act::Ship { track } => {
                let shipped = |track| Shipped { track, by };
                self.state.shipped = self.code.track(track).map(shipped);
            }
            &Act::Exclude { from, until } => self.state.excluded.push(Span { from, until, by }),
            Act::Reset => self.reset(),
            // It has put the approved change in its own place.
            Act::Approve { .. } => {}
        }
    }

    fn reset(&mut self) {
        let former = std::mem::replace(self, Self::new(self.code, self.now));
        self.coming = former.coming;
        self.state.pending = former.state.pending;
        self.state.void = former.state.void;
        self.state.last = former.state.last;
    }

    fn end(mut self) -> State {
        (self.state.share, self.state.share_by) = self.course.at(self.now);
        self.state.ramp = self.course.coming(self.now);
        let steps = self.state.ramp.iter().flat_map(|ramp| &ramp.steps);
        self.state.next = steps.map(|step| step.at).chain(self.coming).min();
        self.state.mode = match &self.state {
            State {
                paused: Some(_), ..
            } => Mode::Paused,
            State {
                shipped: Some(shipped),
                ..
            } => Mode::Shipped(shipped.track),
            State {
                share,
                share_by: Some(_),
                ..
            } => Mode::Share(*share),
            _ => Mode::Code,
        };
        self.state
    }
}
