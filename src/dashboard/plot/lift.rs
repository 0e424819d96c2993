//! The lift of a track by day, as a line with a band.

use crate::{
    figures::{count, percent, signed},
    report::{ChangeReport, Day, Limits, PhaseReport, SeriesDay},
};

use super::{
    marks::{self, Mark, marks, on_chart},
    scale::Scale,
};

/// The width of the drawing, in units of the SVG.
const WIDTH: f64 = 340.0;
/// The height of the drawing.
const HEIGHT: f64 = 170.0;
/// The horizontal places of the first and the last day. The labels of the vertical axis are to the
/// left.
const DAYS: (f64, f64) = (52.0, WIDTH - 12.0);
/// The vertical place of the lowest lift. An SVG counts from the top.
const FLOOR: f64 = HEIGHT - 26.0;
/// The vertical place of the highest lift, without and with numbers of changes above it.
const TOP: [f64; 2] = [8.0, 20.0];

/// The height of the drawing as a multiple of the last band. The first bands are so wide that the
/// rest would be invisible.
const REACH: f64 = 2.5;

/// The drawing: the lift of one track by day, with its band.
#[derive(Debug)]
pub(in crate::dashboard) struct Lifts {
    /// Unique on its page.
    pub(in crate::dashboard) id: String,
    pub(in crate::dashboard) track: String,
    pub(in crate::dashboard) words: String,
    pub(in crate::dashboard) width: f64,
    pub(in crate::dashboard) height: f64,
    pub(in crate::dashboard) left: f64,
    pub(in crate::dashboard) right: f64,
    pub(in crate::dashboard) top: f64,
    pub(in crate::dashboard) floor: f64,
    pub(in crate::dashboard) zero: f64,
    pub(in crate::dashboard) ticks: Vec<(f64, String)>,
    pub(in crate::dashboard) first: Day,
    pub(in crate::dashboard) last: Day,
    /// The outline of the band, as points.
    pub(in crate::dashboard) band: String,
    pub(in crate::dashboard) line: String,
    /// The place of the last lift.
    pub(in crate::dashboard) end: (f64, f64),
    /// The ends of the band of the only day, which has no width to be seen.
    pub(in crate::dashboard) single: Option<(f64, f64)>,
    /// The numbers of the changes on these days.
    pub(in crate::dashboard) marks: Vec<Mark>,
    /// The same as a table, the latest day first: day, units, lift and interval.
    pub(in crate::dashboard) rows: Vec<(Day, String, String, String)>,
}

/// One day of a track with a lift.
#[derive(Clone, Copy)]
struct Point {
    day: Day,
    units: u64,
    lift: f64,
    band: Limits,
}

impl Lifts {
    /// Returns a drawing for each track that is compared.
    pub(in crate::dashboard) fn of(phase: &PhaseReport) -> Vec<Self> {
        let tracks = phase.tracks.iter().enumerate();
        let lifts = tracks.filter_map(|(index, track)| {
            let days = phase.series.iter();
            let points: Vec<Point> = days.filter_map(|day| point(day, index)).collect();
            let (id, track) = (format!("lift-{index}"), track.name.clone());
            Self::new((id, track), &points, &phase.changes)
        });
        lifts.collect()
    }

    /// Returns the drawing; `None` without a day.
    fn new(
        (id, track): (String, String),
        points: &[Point],
        changes: &[ChangeReport],
    ) -> Option<Self> {
        let (first, last) = points.first().zip(points.last())?;
        let is_single = points.len() == 1;
        // One day stands in the middle.
        let beside = f64::from(u8::from(is_single));
        let (from, until) = (f64::from(first.day.0), f64::from(last.day.0));
        let days = Scale::new((from - beside, until + beside), DAYS);
        let (low, high) = reach(last)?;
        let changes = on_chart(changes, (first.day, last.day));
        let top = TOP[usize::from(!changes.is_empty())];
        let lifts = Scale::new((low, high), (FLOOR, top));
        let place = |point: &Point, lift| (days.place(point.day.0.into()), lifts.place(lift));
        let upper = |point: &Point| place(point, point.band.upper.unwrap_or(f64::INFINITY));
        let lower = |point: &Point| place(point, point.band.lower);
        let outline = points
            .iter()
            .map(upper)
            .chain(points.iter().rev().map(lower));
        Some(Self {
            id,
            words: words(&track, first, last) + &marks::words(&changes),
            track,
            width: WIDTH,
            height: HEIGHT,
            left: DAYS.0,
            right: DAYS.1,
            top,
            floor: FLOOR,
            zero: lifts.place(0.0),
            ticks: lifts.labels(),
            first: first.day,
            last: last.day,
            band: joined(outline),
            line: joined(points.iter().map(|point| place(point, point.lift))),
            end: place(last, last.lift),
            single: is_single.then(|| (lower(last).1, upper(last).1)),
            marks: marks(&changes, |day| days.place(day.0.into()), DAYS),
            rows: points.iter().rev().map(row).collect(),
        })
    }
}

/// Returns the point of a track on a day, if it has a lift with an interval.
fn point(day: &SeriesDay, track: usize) -> Option<Point> {
    let point = day.tracks.get(track)?;
    Some(Point {
        day: day.day,
        units: point.units,
        lift: point.lift?,
        band: point.band?,
    })
}

/// Returns the interval of the vertical axis, which includes 0.
fn reach(last: &Point) -> Option<(f64, f64)> {
    let upper = last.band.upper.unwrap_or(last.lift.abs() * 2.0);
    // The last band decides about the reach: it is the narrowest as a rule, and the one that a
    // reader acts on.
    let half = (upper - last.lift).max(last.lift - last.band.lower) * REACH;
    let (low, high) = ((last.lift - half).min(0.0), (last.lift + half).max(0.0));
    (high - low > 0.0 && (high - low).is_finite()).then_some((low, high))
}

/// Returns places as the points of an SVG polygon or line.
fn joined(points: impl Iterator<Item = (f64, f64)>) -> String {
    let points: Vec<String> = points.map(|(x, y)| format!("{x},{y}")).collect();
    points.join(" ")
}

/// Returns the row of a day.
fn row(point: &Point) -> (Day, String, String, String) {
    let lift = signed(percent(point.lift));
    let units = count(point.units);
    (point.day, units, lift, point.band.lift_in_words())
}

/// Returns the drawing in words, for screen readers.
fn words(track: &str, first: &Point, last: &Point) -> String {
    let (lift, band) = (signed(percent(last.lift)), last.band.lift_in_words());
    format!(
        "Lift of {track} over control from {} to {}. In the end {lift}, interval {band}.",
        first.day, last.day
    )
}
