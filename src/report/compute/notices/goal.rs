//! The notices about one goal.

use crate::{
    figures::count,
    report::{
        GoalReport, Notice,
        compute::{Draft, recorded::RecordedGoals},
        total::total,
    },
};

/// The length of a window from which it never ends in practice: 20 years.
const ENDLESS_SECONDS: u64 = 20 * 365 * 86_400;

const ENDLESS: &str = "the window has no end, so no unit is ever closed and there is no verdict; \
    set a window in the plan";

const UNEVEN_SHARES: &str = "the tracks have uneven shares, so sums are judged with care; use even \
    shares, a cap, or a rate";

impl Draft<'_> {
    /// Returns the notices about one goal.
    pub(super) fn of_goal(
        &self,
        index: usize,
        goal: &GoalReport,
        recorded: &RecordedGoals<'_>,
    ) -> Vec<Notice> {
        let seconds = goal.window_seconds.unwrap_or_default();
        let is_endless = seconds >= ENDLESS_SECONDS;
        let shortly = self.facts.attribution.goals.get(index);
        let notices = [
            is_endless.then(|| Notice::new("endless-window", ENDLESS)),
            // Of a window without an end, all units stay open, which the notice before says.
            (goal.open > 0 && !is_endless).then(|| open_windows(goal)),
            Notice::counted(shortly.map_or(0, |goal| goal.shortly_before), |shortly| {
                let sentence = format!(
                    "{shortly} conversions were recorded up to a minute before the exposure of \
                     their unit and do not count; compare the clocks, and read the track before \
                     the goal"
                );
                Notice::blocking("shortly-before", sentence)
            }),
            recorded.never_recorded(index),
            recorded.unmatched(index),
            beyond(goal),
            self.is_uneven(goal)
                .then(|| Notice::new("uneven-shares", UNEVEN_SHARES)),
        ];
        let of_goal = |notice| Notice {
            goal: Some(goal.label.clone()),
            ..notice
        };
        notices.into_iter().flatten().map(of_goal).collect()
    }

    /// Returns whether a sum is compared between tracks of which one is at least twice as large as
    /// another. Rates are not affected.
    fn is_uneven(&self, goal: &GoalReport) -> bool {
        let is_sum = !goal.is_share() && !goal.is_of_requests();
        let weights = self.lineup.tracks.iter().filter_map(|track| track.weight);
        let weights = weights.filter(|weight| *weight > 0);
        let ends = weights.clone().min().zip(weights.max());
        is_sum && ends.is_some_and(|(least, most)| most as f64 / least as f64 >= 2.0)
    }
}

/// Returns the notice about units whose totals 64 bits do not hold, where no cap cuts them before.
fn beyond(goal: &GoalReport) -> Option<Notice> {
    let units = total(goal.tracks.iter().map(|track| track.capped));
    let notice = Notice::counted(units, |units| {
        let sentence = format!(
            "{units} units have totals beyond ±9,223,372,036,854, and count as that; correct these \
             values, or set a cap"
        );
        Notice::blocking("beyond-bound", sentence)
    });
    notice.filter(|_| goal.cap.is_none())
}

/// Returns the notice about units that still have time to convert.
fn open_windows(goal: &GoalReport) -> Notice {
    let until = goal.open_until.map(|until| format!(" until {until}"));
    let sentence = format!(
        "{} units still have time to convert{}; the verdict leaves them out",
        count(goal.open),
        until.unwrap_or_default()
    );
    Notice::new("open-windows", sentence)
}
