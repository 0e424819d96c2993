//! Intervals of lifts in the rows of a list: one for each track, on one scale.

use super::{bars::Bar, bars::domain, scale::Scale};

/// The start and the end of the axis, in units of the SVG.
const AXIS: (f64, f64) = (4.0, 156.0);

/// The drawings of a list.
#[derive(Debug)]
pub(in crate::dashboard) struct Strips {
    pub(in crate::dashboard) zero: f64,
    /// The places between which a lift does not matter.
    pub(in crate::dashboard) margin: Option<(f64, f64)>,
    /// The drawing of each track; `None` if it has no interval.
    pub(in crate::dashboard) strips: Vec<Option<Strip>>,
}

/// The interval of one track.
#[derive(Debug)]
pub(in crate::dashboard) struct Strip {
    pub(in crate::dashboard) lower: f64,
    pub(in crate::dashboard) upper: f64,
    pub(in crate::dashboard) lift: f64,
}

impl Strips {
    /// Returns the drawings, one for each bar.
    pub(in crate::dashboard) fn new(bars: &[Option<Bar>], margin: Option<(f64, f64)>) -> Self {
        // Intervals of no width at 0 leave nothing to draw; then any axis will do.
        let domain = domain(bars.iter().flatten()).unwrap_or((-1.0, 1.0));
        let scale = Scale::new(domain, AXIS);
        let strip = |bar: &Bar| Strip {
            lower: scale.place(bar.limits.lower),
            upper: scale.place(bar.limits.upper.unwrap_or(f64::INFINITY)),
            lift: scale.place(bar.lift),
        };
        let strips = bars.iter().map(|bar| bar.as_ref().map(strip)).collect();
        Self {
            zero: scale.place(0.0),
            margin: margin.map(|margin| scale.span(margin)),
            strips,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::Limits;

    fn bar(lower: f64, lift: f64, upper: Option<f64>) -> Bar {
        let json = serde_json::json!({ "lower": lower, "upper": upper });
        let limits: Limits = serde_json::from_value(json).unwrap();
        Bar {
            track: "a".to_owned(),
            lift,
            limits,
        }
    }

    #[test]
    fn tracks_share_a_scale() {
        let bars = [
            Some(bar(-0.1, 0.0, Some(0.1))),
            None,
            Some(bar(0.2, 0.3, Some(0.4))),
        ];
        let strips = Strips::new(&bars, Some((-0.1, 0.1)));
        let [first, none, last] = &strips.strips[..] else {
            panic!("{strips:?}");
        };
        let (first, last) = (first.as_ref().unwrap(), last.as_ref().unwrap());
        assert!(none.is_none());
        assert_eq!(first.lift, strips.zero);
        assert_eq!(strips.margin, Some((first.lower, first.upper)));
        assert!(first.upper < last.lower && last.lift < last.upper && last.upper < AXIS.1);
    }

    #[test]
    fn an_interval_without_an_end_reaches_the_edge() {
        let strips = Strips::new(&[Some(bar(0.1, 0.2, None))], None);
        assert_eq!(strips.strips[0].as_ref().unwrap().upper, AXIS.1);
        assert!(Strips::new(&[None], None).strips[0].is_none());
        let nothing = Strips::new(&[Some(bar(0.0, 0.0, Some(0.0)))], None);
        assert_eq!(nothing.strips[0].as_ref().unwrap().lift, nothing.zero);
    }
}
