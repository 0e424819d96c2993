use crate::{
    report::{Answer, Compared, Estimated, GoalReport, GoalTrack, Limits, PhaseReport, Report},
    text::{plain as text, quoted},
};

/// The first line, with the names of the columns, the same in every report.
const HEAD: &str = "set,phase,unit,as_of,goal,role,less_is_better,track,control,weight,units,\
    converters,sum,by,value,value_lower,value_upper,difference,difference_lower,difference_upper,\
    lift,lift_lower,lift_upper,p,adjusted_p,level,always_valid,chance_best,detectable_difference,\
    verdict,exploratory,covered,look,decided,open,open_until,so_far_units,so_far_value,\
    so_far_lift,so_far_lift_lower,so_far_lift_upper,sentence,hypothesis,margin,p50,p99,\
    variance_removed,unadjusted_lift,unadjusted_lift_lower,unadjusted_lift_upper,unadjusted_p\r\n";

impl Report {
    /// Returns the report as CSV by RFC 4180: a row for each phase, goal and track, sums over
    /// requests among the goals. What is not known is empty.
    ///
    /// A text that a spreadsheet would take for a formula begins with an apostrophe, and control
    /// characters are spaces. A text is cut at the 32,767 characters that spreadsheets hold.
    pub fn to_csv(&self) -> String {
        phases_to_csv(&self.phases)
    }
}

/// Returns the table of some phases.
pub(crate) fn phases_to_csv(phases: &[PhaseReport]) -> String {
    let mut csv = HEAD.to_owned();
    for phase in phases {
        for goal in phase.goals.iter().chain(&phase.requests) {
            for (index, track) in goal.tracks.iter().enumerate() {
                let row = row(phase, goal, (index, track));
                let cells: Vec<_> = row.iter().map(|cell| quoted(cell)).collect();
                csv.push_str(&cells.join(","));
                // RFC 4180 ends each line so.
                csv.push_str("\r\n");
            }
        }
    }
    csv
}

fn row(phase: &PhaseReport, goal: &GoalReport, (index, track): (usize, &GoalTrack)) -> Vec<String> {
    let of_set = phase.tracks.get(index);
    let mut row = vec![
        text(&phase.set),
        phase.phase.to_string(),
        text(&phase.unit),
        phase.as_of.to_rfc3339(),
        text(&goal.label),
        goal.role.as_str().to_owned(),
        goal.less_is_better.to_string(),
        text(&track.track),
        option(of_set.map(|track| track.control)),
        option(of_set.and_then(|track| track.weight)),
        // A number is not marked as a text: a negative one begins as a formula does, and has to
        // stay a number.
        track.units.to_string(),
        option(track.converters),
        track.sum.to_string(),
        track.by.to_string(),
    ];
    row.extend(compared(track));
    let verdict = track.verdict.as_ref();
    row.extend([
        option(verdict.map(|verdict| verdict.kind.as_str())),
        option(verdict.map(|verdict| verdict.exploratory)),
        phase.covered.is_some().to_string(),
        option(track.look.map(|look| look.day)),
        option(track.look.map(|look| look.decided)),
        goal.open.to_string(),
        option(goal.open_until.map(|until| until.to_rfc3339())),
    ]);
    row.extend(so_far(track));
    row.extend([
        text(verdict.map_or("", |verdict| &verdict.sentence)),
        text(&phase.intent.hypothesis),
        option(goal.margin),
        option(track.percentiles.map(|all| all.p50.value)),
        option(track.percentiles.map(|all| all.p99.value)),
    ]);
    row.extend(unadjusted(track));
    row
}

/// The comparison without the adjustment.
fn unadjusted(track: &GoalTrack) -> Vec<String> {
    let compared = track.compared.as_ref().and_then(Answer::known);
    let plain = compared.and_then(|compared| compared.unadjusted.as_deref());
    let mut cells = vec![option(
        compared.and_then(|compared| compared.variance_removed),
    )];
    cells.extend(lift(plain));
    cells.push(option(plain.map(|plain| plain.p)));
    cells
}

fn compared(track: &GoalTrack) -> Vec<String> {
    let compared = track.compared.as_ref().and_then(Answer::known);
    let detectable = track.detectable.as_ref().and_then(Answer::known);
    let difference = compared.map(|compared| &compared.difference);
    let mut cells = Vec::from(estimated(track.value.known()));
    cells.extend(estimated(difference));
    cells.extend(lift(compared));
    cells.extend([
        option(compared.map(|compared| compared.p)),
        option(compared.and_then(|compared| compared.adjusted_p)),
        option(compared.map(|compared| 1.0 - compared.alpha)),
        option(compared.map(|compared| compared.always_valid)),
        option(track.chance.map(|chance| chance.best)),
        option(detectable.map(|detectable| detectable.difference)),
    ]);
    cells
}

/// Returns the number and the value of all units so far, and the lift with its limits.
fn so_far(track: &GoalTrack) -> Vec<String> {
    let so_far = track.so_far.as_ref();
    let mut cells = vec![
        option(so_far.map(|so_far| so_far.units)),
        option(so_far.and_then(|so_far| so_far.value.known())),
    ];
    cells.extend(lift(
        so_far.and_then(|so_far| so_far.compared.as_ref()?.known()),
    ));
    cells
}

/// Returns an observed value with the limits of its interval.
fn estimated(estimated: Option<&Estimated>) -> [String; 3] {
    let interval = estimated.and_then(|estimated| estimated.interval);
    with_limits(estimated.map(|estimated| estimated.value), interval)
}

/// Returns the lift with the limits of its interval.
fn lift(compared: Option<&Compared>) -> [String; 3] {
    let interval = compared.and_then(|compared| compared.lift_interval.known());
    let lift = compared.and_then(|compared| compared.lift.known());
    with_limits(lift.copied(), interval.copied())
}

fn with_limits(value: Option<f64>, limits: Option<Limits>) -> [String; 3] {
    let lower = limits.map(|limits| limits.lower);
    let upper = limits.and_then(|limits| limits.upper);
    [value, lower, upper].map(option)
}

fn option(cell: Option<impl ToString>) -> String {
    cell.map(|cell| cell.to_string()).unwrap_or_default()
}
