//! New units by day, as a small line without an axis.

use crate::{
    figures::count,
    report::{Day, NewUnits},
};

use super::scale::Scale;

/// The width and the height of the drawing, in units of the SVG.
const SIZE: (f64, f64) = (120.0, 24.0);

/// The drawing: a line over the days, from 0 to the day with the most units.
#[derive(Debug)]
pub(in crate::dashboard) struct Spark {
    pub(in crate::dashboard) words: String,
    pub(in crate::dashboard) line: String,
}

impl Spark {
    /// Returns the drawing of the days that are over; `None` for fewer than two.
    pub(in crate::dashboard) fn of(daily: &[NewUnits]) -> Option<Self> {
        // The last day is that of the report. It is not over, so it would always look like a fall.
        let (_, days) = daily.split_last()?;
        let [first, .., last] = days else {
            return None;
        };
        let most = days.iter().map(|day| day.units).max()?;
        let across = Scale::new((first.day.0.into(), last.day.0.into()), (1.0, SIZE.0 - 1.0));
        let up = Scale::new((0.0, most.max(1) as f64), (SIZE.1 - 2.0, 2.0));
        let point = |day: &NewUnits| {
            let Day(number) = day.day;
            let (x, y) = (across.place(number.into()), up.place(day.units as f64));
            format!("{x},{y}")
        };
        Some(Self {
            words: format!(
                "New units by day from {} to {}: at most {}, at last {}",
                first.day,
                last.day,
                count(most),
                count(last.units)
            ),
            line: days.iter().map(point).collect::<Vec<_>>().join(" "),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn days(units: &[u64]) -> Vec<NewUnits> {
        let day = |(day, units): (i32, &u64)| {
            let json = serde_json::json!({ "day": Day(day).to_string(), "units": units });
            serde_json::from_value(json).unwrap()
        };
        (0..).zip(units).map(day).collect()
    }

    #[test]
    fn days_that_are_over_are_drawn() {
        let spark = Spark::of(&days(&[0, 50, 100, 3])).unwrap();
        assert_eq!(spark.line, "1,22 60,12 119,2");
        assert_eq!(
            spark.words,
            "New units by day from 1970-01-01 to 1970-01-03: at most 100, at last 100"
        );
    }

    #[test]
    fn a_young_or_silent_set_has_none_or_a_flat_line() {
        for units in [&[][..], &[5], &[5, 6]] {
            assert!(Spark::of(&days(units)).is_none(), "{units:?}");
        }
        assert_eq!(Spark::of(&days(&[0, 0, 0])).unwrap().line, "1,22 119,22");
    }
}
