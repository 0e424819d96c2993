//! The page of one phase.

use std::ops::Range;

use askama::Template;

use crate::{
    dashboard::{
        acts::Act,
        ended::Ended,
        pages::{Frame, Part, Place},
        plot::{Bars, Lifts},
        view::{
            ChangesView, Check, GoalView, Guards, Headline, HealthLine, LeftOut, NoticeView,
            People, PeriodView, SegmentsView, ages, checks, next, notices, or_dash, people,
        },
        visit::Visit,
    },
    figures::{count, percent, plural},
    report::{GoalReport, PhaseReport, RecordedDecision, Report, TrackReport},
};

#[cfg(feature = "control")]
use super::in_force::InForce;
/// Without controls, there is no section of what is in force.
#[cfg(not(feature = "control"))]
type InForce = std::convert::Infallible;

/// The number of goals on one page.
const GOALS: usize = 50;

/// The page of one phase of a set.
#[derive(Template)]
#[template(path = "set/set.html")]
pub(super) struct Page<'a> {
    frame: Frame,
    phase: &'a PhaseReport,
    headline: Headline,
    /// What changes make of the set; `None` if no layer with controls has it.
    in_force: Option<InForce>,
    /// Whether it is paused and resumed on this server alone. Where a change does that on all nodes, only
    /// a pause that is there already can be ended here.
    can_pause: bool,
    is_paused: bool,
    is_paused_here: bool,
    /// The latest pause or resumption.
    last_act: Option<Act>,
    /// The numbers of the other phases.
    others: Vec<u32>,
    /// Whether links to its tracks can be created. Only the latest phase has them: an earlier one
    /// is no longer served.
    can_preview: bool,
    /// What its units are called.
    people: People,
    size: String,
    progress: Option<String>,
    /// When the next decision can come.
    next: Option<String>,
    /// The lifts of the primary goal.
    plot: Option<Bars>,
    health: HealthLine,
    checks: [Check; 6],
    notices: Vec<NoticeView>,
    tracks: Vec<[String; 4]>,
    shown: Part,
    goals: Vec<GoalView>,
    requests: Vec<GoalView>,
    guards: Guards,
    lifts: Vec<Lifts>,
    changes: ChangesView,
    left_out: Option<LeftOut>,
    periods: Vec<PeriodView>,
    segments: Option<SegmentsView>,
    /// The primary goal by day since the first exposure.
    ages: Vec<[String; 6]>,
    /// The reading of the plan by an earlier version, unless results are hidden.
    recorded: Option<&'a RecordedDecision>,
}

impl<'a> Page<'a> {
    /// Returns the page of a phase with its goals from an index on. Comparisons that are hidden
    /// stay hidden in all parts.
    pub(super) fn new(phase: &'a PhaseReport, from: usize, visit: &Visit) -> Self {
        let shown = Part::of(from, phase.goals.len(), GOALS);
        let (board, report) = (&visit.board, &visit.known.report);
        // A reading of an earlier version is a result like the verdicts. So it is hidden with them,
        // and not only folded away.
        let is_shown = phase.covered.is_none();
        let is_paused_here = board.acts.is_paused(&phase.set);
        let is_controlled = board.is_controlled(&phase.set);
        let (checks, notices) = (checks(phase), notices(phase));
        let primary = phase.primary().filter(|_| is_shown);
        Self {
            frame: Frame::new(Place::Elsewhere, visit),
            people: people(&phase.unit),
            next: next_of(phase, visit),
            plot: primary.and_then(|goal| GoalView::plot("primary".to_owned(), goal)),
            health: HealthLine::of(&checks, &notices),
            guards: Guards::of(phase),
            headline: headline(phase, visit),
            in_force: in_force(phase, visit),
            can_pause: board.acts.has(&phase.set) && (is_paused_here || !is_controlled),
            is_paused: board.is_paused(&phase.set),
            is_paused_here,
            last_act: board.acts.last(&phase.set),
            others: others(phase, report),
            can_preview: board.can_preview() && is_latest(phase, report),
            size: count(phase.units),
            progress: progress(phase),
            checks,
            notices,
            tracks: phase.tracks.iter().map(|track| row(track, phase)).collect(),
            goals: views("goal", &phase.goals, phase, &shown.range),
            requests: views(
                "requests",
                &phase.requests,
                phase,
                &(0..phase.requests.len()),
            ),
            lifts: Lifts::of(phase),
            changes: ChangesView::of(phase),
            left_out: left_out(phase, visit),
            periods: PeriodView::of(phase, &shown.range),
            segments: SegmentsView::of(phase, &shown.range),
            ages: ages(phase),
            shown,
            recorded: phase.recorded_decision.as_ref().filter(|_| is_shown),
            phase,
        }
    }
}

/// Returns the headline. Of a test that is over, it has no advice to go on.
fn headline(phase: &PhaseReport, visit: &Visit) -> Headline {
    match Ended::of_latest(phase, visit) {
        Some(Ended::Quiet { last_day }) => Headline::of(phase).quiet_since(last_day),
        _ => Headline::of(phase),
    }
}

/// Returns until when to wait. Nothing is waited for in an earlier phase, or while the set is paused.
fn next_of(phase: &PhaseReport, visit: &Visit) -> Option<String> {
    let goes_on = is_latest(phase, &visit.known.report) && !visit.board.is_paused(&phase.set);
    let next = next(phase, &headline(phase, visit));
    next.filter(|_| goes_on || phase.shipped.is_some())
}

/// Returns what changes make of the set of a phase.
fn in_force(phase: &PhaseReport, visit: &Visit) -> Option<InForce> {
    #[cfg(feature = "control")]
    return InForce::of(&phase.set, phase.phase, visit);
    #[cfg(not(feature = "control"))]
    {
        let _ = (phase, visit);
        None
    }
}

/// Returns the views of some goals. Each has an id that is unique on the page.
fn views(
    id: &str,
    goals: &[GoalReport],
    phase: &PhaseReport,
    range: &Range<usize>,
) -> Vec<GoalView> {
    let views = goals.iter().enumerate();
    let views = views.skip(range.start).take(range.len());
    let view = |(index, goal)| GoalView::of(format!("{id}-{index}"), goal, phase);
    views.map(view).collect()
}

/// Returns the requests in no result of the set. Only the latest phase is served.
pub(super) fn left_out(phase: &PhaseReport, visit: &Visit) -> Option<LeftOut> {
    let of_set = LeftOut::of_set(&visit.board.counts, &phase.set);
    of_set.filter(|_| is_latest(phase, &visit.known.report))
}

/// Returns whether a phase is the latest of its set.
fn is_latest(phase: &PhaseReport, report: &Report) -> bool {
    let latest = report.latest(&phase.set);
    latest.is_some_and(|latest| latest.phase == phase.phase)
}

/// Returns the numbers of the other phases of the set.
fn others(phase: &PhaseReport, report: &Report) -> Vec<u32> {
    let phases = report.phases.iter();
    let others = phases.filter(|other| other.set == phase.set && other.phase != phase.phase);
    others.map(|other| other.phase).collect()
}

/// Returns the name of a track, its units, its share and its expected share.
fn row(track: &TrackReport, phase: &PhaseReport) -> [String; 4] {
    // Without units, the share is 0 / 0.
    let share = track.units as f64 / phase.units as f64;
    [
        track.name.clone(),
        count(track.units),
        or_dash(share.is_finite().then(|| percent(share))),
        or_dash(track.expected_share.map(percent)),
    ]
}

/// Returns the progress of the plan in words; `None` without a plan.
fn progress(phase: &PhaseReport) -> Option<String> {
    let progress = phase.intent.progress.as_ref()?;
    let planned = count(progress.planned);
    if phase.decision.is_some() {
        return Some(format!("(plan of {planned}: decided)"));
    }
    let left = match (progress.days_left.known(), progress.days_left.why()) {
        (Some(days), _) if *days > 0.0 => {
            format!("about {} to go", plural(days.ceil() as u64, "day"))
        }
        (Some(_), _) => "reached".to_owned(),
        (None, why) => why.unwrap_or_default().to_owned(),
    };
    Some(format!("of {planned} planned ({left})"))
}
