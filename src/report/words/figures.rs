use crate::{
    figures::{count, number, percent, points, signed, span},
    report::{
        Answer, Compared, Detectable, Estimated, GoalReport, GoalSource, Limits, PartGoalTrack,
    },
    stats::LARGEST_LIFT,
};

impl GoalReport {
    /// Returns a value of the goal in words, such as `12.3%` or `1,234.50`.
    pub fn value_in_words(&self, value: f64) -> String {
        match &self.source {
            GoalSource::Duration | GoalSource::P95 => format!("{} ms", number(value)),
            _ if self.is_share() => percent(value),
            _ => number(value),
        }
    }

    /// Returns a difference of values in words, with its sign; of shares in percentage points.
    pub fn difference_in_words(&self, difference: f64) -> String {
        signed(self.size_in_words(difference))
    }

    fn size_in_words(&self, difference: f64) -> String {
        match self.is_share() {
            true => points(difference),
            false => self.value_in_words(difference),
        }
    }

    /// Returns the smallest effect in words: as a lift where there is one.
    pub fn detectable_in_words(&self, detectable: &Detectable) -> String {
        match detectable.lift {
            Some(lift) => percent(lift),
            None => self.size_in_words(detectable.difference),
        }
    }
}

impl Limits {
    /// Returns limits of a lift in words, such as `-1.2% to +3.4%`.
    pub fn lift_in_words(&self) -> String {
        let lower = signed(percent(self.lower));
        match self.upper {
            Some(upper) => format!("{lower} to {}", signed(percent(upper))),
            None => format!("{lower} or more"),
        }
    }
}

impl Compared {
    /// Returns whether the lift says more than the difference. It says nothing where control is close to 0: from
    /// 0.06 ms to 501 ms is not "830,000% more".
    pub(crate) fn is_lift_telling(&self) -> bool {
        let lift = self.lift.known();
        lift.is_none_or(|lift| lift.abs() <= LARGEST_LIFT)
    }
}

impl GoalReport {
    /// Returns what an adjustment did; `None` if the comparison is not adjusted.
    pub(crate) fn adjustment_in_words(&self, compared: &Compared) -> Option<String> {
        let (removed, plain) = (compared.variance_removed?, compared.unadjusted.as_ref()?);
        let before = span(self.lookback_seconds?);
        let without = match self.effect_in_words(plain) {
            [Some(effect), Some(limits)] => format!("{effect} ({limits})"),
            [effect, _] => effect.unwrap_or_default(),
        };
        Some(format!(
            "Adjusted by the {before} before the first exposure, which removed {} of the variance. Without that: \
             {without}.",
            percent(removed.max(0.0)),
        ))
    }
}

impl GoalReport {
    /// Returns the lift and its interval in words, each if it is known; or the difference, if that says more.
    pub(crate) fn effect_in_words(&self, compared: &Compared) -> [Option<String>; 2] {
        if !compared.is_lift_telling() {
            let Estimated { value, interval } = compared.difference;
            let limits = interval.map(|limits| {
                let lower = self.difference_in_words(limits.lower);
                match limits.upper {
                    Some(upper) => format!("{lower} to {}", self.difference_in_words(upper)),
                    None => format!("{lower} or more"),
                }
            });
            return [Some(self.difference_in_words(value)), limits];
        }
        let lift = compared.lift.known();
        let limits = compared.lift_interval.known();
        [
            lift.map(|lift| signed(percent(*lift))),
            limits.map(Limits::lift_in_words),
        ]
    }
}

/// Returns the cells of a lift and of its interval, which are empty where these are not known.
pub(super) fn lift_cells(goal: &GoalReport, compared: Option<&Answer<Compared>>) -> [String; 2] {
    let compared = compared.and_then(Answer::known);
    let cells = compared.map(|compared| goal.effect_in_words(compared));
    cells.unwrap_or_default().map(Option::unwrap_or_default)
}

/// Returns the cells of a goal in a part of a phase: name, units, converters, value, lift, and the interval of the lift.
pub(super) fn part_cells(name: String, goal: &GoalReport, track: &PartGoalTrack) -> Vec<String> {
    let value = track.value.known();
    let value = value.map(|value| goal.value_in_words(*value));
    let mut cells = vec![name, count(track.units), count(track.converters)];
    cells.push(value.unwrap_or_default());
    cells.extend(lift_cells(goal, track.compared.as_ref()));
    cells
}

#[cfg(test)]
mod tests {
    use super::*;

    fn goal(source: GoalSource) -> GoalReport {
        GoalReport {
            label: "goal".to_owned(),
            source,
            role: crate::report::GoalRole::Guardrail,
            less_is_better: true,
            window_from_seconds: None,
            window_seconds: None,
            open: 0,
            open_until: None,
            cap: None,
            cap_at: None,
            lookback_seconds: None,
            margin: None,
            tracks: Vec::new(),
        }
    }

    #[test]
    fn values_have_their_unit() {
        let duration = goal(GoalSource::Duration);
        for (value, expected) in [
            (0.009_172, "+0.00917 ms"),
            (9.172, "+9.17 ms"),
            (-1234.5, "-1,234.50 ms"),
            (0.0, "0 ms"),
        ] {
            assert_eq!(duration.difference_in_words(value), expected);
        }
        let errors = goal(GoalSource::Errors);
        assert_eq!(errors.value_in_words(0.009_172), "0.92%");
        assert_eq!(
            errors.difference_in_words(0.000_009_172),
            "+0.00092 percentage points"
        );
    }
}
