//! A holdout: a set whose control is left out of all other sets.

use crate::assign::{DEFAULT_UNIT, DefinitionError, MultiTrackSet, Plan, SimpleTrackSet};

/// The parts of all units by which the share of a holdout is counted.
const PARTS: f64 = 1_000_000.0;

/// The definition of a holdout: a share of all units that take part in no other set of their layer.
///
/// It answers what all tests of a time have changed together. Its units get the code path of control everywhere,
/// also where a track was shipped, and are counted in no other set. The holdout itself is a set with the tracks
/// `held-out`, which is its control, and `taking-part`. A unit is exposed to it when a handler reads the set that was
/// chosen for it in any group. So its report compares the goals of both.
///
/// Add it before the first test of its time, or begin new phases of the running ones: the units that it takes out of a
/// running test stay in its results. Keep the sets that you ship in the code until it ends. Give each time a name of its
/// own. Another name has another salt, so other units are held out.
///
/// To pause it means that nobody is held out any more, and so does shipping its track `taking-part`. Its plan must not
/// have [`stop_if_harmed`](Plan::stop_if_harmed): a pause would give the harm to all.
///
/// ```
/// use tower_tracks::{Holdout, Metric, Plan, SimpleTrackSet, TracksLayer};
///
/// let delay = SimpleTrackSet::new("delay").track("long", 2000).build()?;
/// let plan = Plan::default().primary(Metric::rate("purchase"));
/// let layer = TracksLayer::new(delay).holdout(Holdout::new("q4-2026", 0.05).plan(plan))?;
/// # Ok::<(), tower_tracks::DefinitionError>(())
/// ```
#[derive(Debug, Clone)]
#[must_use = "a holdout does nothing until a layer has it"]
pub struct Holdout {
    name: String,
    share: f64,
    unit: String,
    plan: Option<Plan>,
}

impl Holdout {
    /// The name of the track of the units that are held out.
    pub const HELD_OUT: &'static str = "held-out";
    /// The name of the track of all other units.
    pub const TAKING_PART: &'static str = "taking-part";

    /// Returns a holdout of visitors with a name, as sets have it, and the share that is held out, from 0.0 to 1.0.
    ///
    /// The share is rounded to millionths. To change it, begin a holdout of another name.
    pub fn new(name: impl Into<String>, share: f64) -> Self {
        Self {
            name: name.into(),
            share,
            unit: DEFAULT_UNIT.to_owned(),
            plan: None,
        }
    }

    /// Sets the kind of unit that is held out, such as `user`. Defaults to `visitor`.
    ///
    /// It holds units out of the sets of this kind alone.
    ///
    /// ```
    /// let users = tower_tracks::Holdout::new("q4-2026", 0.05).unit_kind("user");
    /// ```
    pub fn unit_kind(mut self, kind: impl Into<String>) -> Self {
        self.unit = kind.into();
        self
    }

    /// Sets the plan of its report: goals, size and owner. Defaults to an empty plan.
    pub fn plan(mut self, plan: Plan) -> Self {
        self.plan = Some(plan);
        self
    }

    /// Checks the definition, and returns it as a group of one set.
    pub(crate) fn build(self) -> Result<MultiTrackSet, DefinitionError> {
        // As a negation, so that it refuses `NaN` as well.
        if !(0.0..=1.0).contains(&self.share) {
            let (set, share) = (self.name, self.share);
            return Err(DefinitionError::Share { set, share });
        }
        if self.plan.as_ref().is_some_and(Plan::stops_if_harmed) {
            return Err(DefinitionError::HoldoutStops { set: self.name });
        }
        let held_out = (self.share * PARTS).round();
        let set = SimpleTrackSet::new(self.name)
            .holdout()
            .track(Self::HELD_OUT, ())
            .track(Self::TAKING_PART, ())
            .control(Self::HELD_OUT)
            .track_weight(Self::HELD_OUT, held_out as u64)
            .track_weight(Self::TAKING_PART, (PARTS - held_out) as u64)
            .unit_kind(self.unit);
        match self.plan {
            Some(plan) => set.plan(plan).build(),
            None => set.build(),
        }
    }
}
