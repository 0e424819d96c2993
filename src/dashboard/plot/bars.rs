//! Intervals of lifts as horizontal bars, one for each track.

use crate::{
    figures::{percent, signed},
    report::Limits,
};

use super::scale::Scale;

/// The width of the drawing, in units of the SVG.
const WIDTH: f64 = 340.0;
/// The start and the end of the axis.
const AXIS: (f64, f64) = (22.0, WIDTH - 22.0);

/// The height of one track.
const TRACK: f64 = 38.0;

/// The lift of one track with its interval.
#[derive(Debug, Clone)]
pub(in crate::dashboard) struct Bar {
    pub(in crate::dashboard) track: String,
    pub(in crate::dashboard) lift: f64,
    pub(in crate::dashboard) limits: Limits,
}

/// The drawing: the lifts of several tracks above one axis.
#[derive(Debug)]
pub(in crate::dashboard) struct Bars {
    /// Unique on its page.
    pub(in crate::dashboard) id: String,
    pub(in crate::dashboard) words: String,
    pub(in crate::dashboard) width: f64,
    pub(in crate::dashboard) height: f64,
    /// The vertical place of the axis.
    pub(in crate::dashboard) floor: f64,
    pub(in crate::dashboard) zero: f64,
    /// The places between which a lift does not matter.
    pub(in crate::dashboard) margin: Option<(f64, f64)>,
    pub(in crate::dashboard) ticks: Vec<(f64, String)>,
    pub(in crate::dashboard) drawn: Vec<Drawn>,
}

/// A bar with its places.
#[derive(Debug)]
pub(in crate::dashboard) struct Drawn {
    pub(in crate::dashboard) track: String,
    pub(in crate::dashboard) text: f64,
    pub(in crate::dashboard) y: f64,
    pub(in crate::dashboard) lower: f64,
    pub(in crate::dashboard) upper: f64,
    pub(in crate::dashboard) lift: f64,
    /// Whether the interval has no upper limit, so that the bar ends at the edge.
    pub(in crate::dashboard) is_open: bool,
}

impl Bars {
    /// Returns the drawing; `None` where there is nothing to draw.
    ///
    /// `margin` are the lifts between which an effect does not matter.
    pub(in crate::dashboard) fn new(
        id: String,
        bars: Vec<Bar>,
        margin: Option<(f64, f64)>,
    ) -> Option<Self> {
        let scale = Scale::new(domain(&bars)?, AXIS);
        let floor = TRACK * bars.len() as f64 + 4.0;
        Some(Self {
            id,
            words: words(&bars),
            margin: margin.map(|margin| scale.span(margin)),
            width: WIDTH,
            height: floor + 22.0,
            floor,
            zero: scale.place(0.0),
            ticks: scale.labels(),
            drawn: (bars.into_iter().enumerate())
                .map(|(index, bar)| drawn(index, bar, &scale))
                .collect(),
        })
    }
}

/// Places a bar.
fn drawn(index: usize, bar: Bar, scale: &Scale) -> Drawn {
    let top = TRACK * index as f64;
    Drawn {
        track: bar.track,
        text: top + 13.0,
        y: top + 26.0,
        lower: scale.place(bar.limits.lower),
        upper: scale.place(bar.limits.upper.unwrap_or(f64::INFINITY)),
        lift: scale.place(bar.lift),
        is_open: bar.limits.upper.is_none(),
    }
}

/// Returns the interval of the axis, which includes 0 and a margin of 6%; `None` if there is
/// nothing to draw.
pub(super) fn domain<'b>(bars: impl IntoIterator<Item = &'b Bar>) -> Option<(f64, f64)> {
    let (mut lowest, mut highest) = (0.0_f64, 0.0_f64);
    for bar in bars {
        lowest = lowest.min(bar.limits.lower);
        // A bar without an upper limit ends at the edge of the drawing, which has to be beyond the
        // lift.
        highest = highest.max(bar.limits.upper.unwrap_or(bar.lift.abs() * 2.0));
    }
    let room = (highest - lowest) * 0.06;
    let is_drawable = room.is_finite() && room > 0.0;
    is_drawable.then_some((lowest - room, highest + room))
}

/// Returns the drawing in words, for screen readers.
fn words(bars: &[Bar]) -> String {
    let word = |bar: &Bar| {
        let (lift, limits) = (signed(percent(bar.lift)), bar.limits.lift_in_words());
        format!("{}: {lift}, interval {limits}", bar.track)
    };
    let words: Vec<String> = bars.iter().map(word).collect();
    format!("Lift over control. {}.", words.join("; "))
}
