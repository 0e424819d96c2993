//! What is in force for a set, in words. Pages compare two states by these words, so that what differs is
//! said in the same words as what is.

use crate::{
    assign::Set,
    control::{Mode, Span, State, Step},
    figures::round_percent,
    report::Utc,
};

/// One thing about a set that a change can decide.
#[derive(Debug)]
pub(in crate::dashboard) struct Facet {
    pub(in crate::dashboard) name: &'static str,
    pub(in crate::dashboard) value: String,
    /// The numbers of the changes that decide it; empty if the code does.
    pub(in crate::dashboard) by: Vec<u64>,
    /// Whether it is as in a set without changes, and not worth a line.
    pub(in crate::dashboard) is_usual: bool,
}

/// A facet that two states do not share.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub(in crate::dashboard) struct Difference {
    #[serde(rename = "what")]
    pub(in crate::dashboard) name: &'static str,
    pub(in crate::dashboard) before: String,
    pub(in crate::dashboard) after: String,
}

/// Returns all facets of a set, always in the same order.
pub(in crate::dashboard) fn facets(set: &Set, state: &State) -> [Facet; 6] {
    [
        requests(state),
        shipped(set, state),
        share(set, state),
        steps(state),
        enrolment(state),
        left_out(state),
    ]
}

/// Returns what differs between two states.
pub(in crate::dashboard) fn differences(
    set: &Set,
    before: &State,
    after: &State,
) -> Vec<Difference> {
    let pairs = facets(set, before).into_iter().zip(facets(set, after));
    let differ = pairs.filter(|(before, after)| before.value != after.value);
    differ
        .map(|(before, after)| Difference {
            name: before.name,
            before: before.value,
            after: after.value,
        })
        .collect()
}

/// Returns the state of the requests in one word, also where another change takes precedence.
pub(in crate::dashboard) fn mode(mode: Mode) -> &'static str {
    match mode {
        Mode::Paused => "paused",
        Mode::Shipped(_) => "shipped",
        Mode::Code | Mode::Share(_) => "running",
    }
}

/// Returns the steps of a ramp, such as `25% at 2026-03-02 08:00 UTC`.
pub(super) fn steps_in_words(steps: &[Step]) -> String {
    let step = |step: &Step| format!("{} at {}", round_percent(step.share), Utc(step.at));
    let steps: Vec<String> = steps.iter().map(step).collect();
    steps.join(", ")
}

fn requests(state: &State) -> Facet {
    let value = match state.paused {
        Some(_) => "paused: every request gets control, and none is counted",
        None => "running",
    };
    Facet {
        name: "Requests",
        value: value.to_owned(),
        by: state.paused.into_iter().collect(),
        is_usual: false,
    }
}

fn shipped(set: &Set, state: &State) -> Facet {
    let shipped = state.shipped.and_then(|shipped| {
        let track = set.tracks().get(shipped.track)?;
        let value = format!("{}, for every eligible request", track.name());
        Some((value, shipped.by))
    });
    Facet {
        name: "Shipped track",
        is_usual: shipped.is_none(),
        by: shipped.iter().map(|(_, by)| *by).collect(),
        value: shipped.map_or_else(|| "none".to_owned(), |(value, _)| value),
    }
}

fn share(set: &Set, state: &State) -> Facet {
    let units = format!("{} of the units", round_percent(state.share));
    Facet {
        name: "Share",
        value: match state.share_by {
            Some(_) => format!("{units}, over {} in code", round_percent(set.share())),
            None => format!("{units}, by the code"),
        },
        by: state.share_by.into_iter().collect(),
        is_usual: false,
    }
}

fn steps(state: &State) -> Facet {
    let ramp = state.ramp.as_ref();
    let value = ramp.map(|ramp| steps_in_words(&ramp.steps));
    Facet {
        name: "Coming steps",
        value: value.unwrap_or_else(|| "none".to_owned()),
        by: ramp.map(|ramp| ramp.by).into_iter().collect(),
        is_usual: ramp.is_none(),
    }
}

/// The state does not have the number of the change that closed it, so `by` is empty.
fn enrolment(state: &State) -> Facet {
    let closed = state.closed_at.map(|at| {
        format!(
            "closed at {}: later units are served, not analysed",
            Utc(at)
        )
    });
    Facet {
        name: "Enrolment",
        is_usual: closed.is_none(),
        value: closed.unwrap_or_else(|| "open".to_owned()),
        by: Vec::new(),
    }
}

fn left_out(state: &State) -> Facet {
    let spans: Vec<String> = state.excluded.iter().map(span).collect();
    Facet {
        name: "Left out",
        is_usual: spans.is_empty(),
        value: match spans.is_empty() {
            true => "nothing".to_owned(),
            false => format!("units first exposed {}", spans.join("; ")),
        },
        by: state.excluded.iter().map(|span| span.by).collect(),
    }
}

fn span(span: &Span) -> String {
    format!("from {} until {}", Utc(span.from), Utc(span.until))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        SimpleTrackSet,
        control::{Act, Change, Code, Draft, state},
        store::Timestamp,
    };

    const NOON: Timestamp = Timestamp::from_micros(43_200_000_000);

    #[track_caller]
    fn check(acts: &[Act], expected: &[(&str, &str, &str)]) {
        let delay = SimpleTrackSet::new("delay").track("long", 2000).share(0.1);
        let delay = delay.build().unwrap();
        let code = Code::of(&delay).next().unwrap();
        let numbered = |(number, act): (u64, &Act)| {
            Draft::new("delay", 1, act.clone(), "ann", "a test").numbered(number, NOON)
        };
        let changes: Vec<Change> = (1..).zip(acts).map(numbered).collect();
        let [before, after] = [&changes[..0], &changes].map(|known| state(code, known, NOON));
        let found = differences(code.set(), &before, &after);
        let found: Vec<_> = found
            .iter()
            .map(|d| (d.name, &*d.before, &*d.after))
            .collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn differences_name_what_was_and_what_is() {
        let share = Act::Share {
            share: 0.25,
            over: 0.1,
        };
        let (was, is) = (
            "10% of the units, by the code",
            "25% of the units, over 10% in code",
        );
        let shares = ("Share", was, is);
        check(std::slice::from_ref(&share), &[shares]);
        let paused = "paused: every request gets control, and none is counted";
        check(
            &[share, Act::Pause],
            &[("Requests", "running", paused), shares],
        );
        check(&[Act::Resume], &[]);
        let ship = Act::Ship {
            track: "long".into(),
        };
        let long = ("Shipped track", "none", "long, for every eligible request");
        check(&[ship], &[long]);
        let closed = "closed at 1970-01-01 12:00 UTC: later units are served, not analysed";
        check(&[Act::Close], &[("Enrolment", "open", closed)]);
    }

    #[test]
    fn steps_that_are_to_come_are_listed() {
        let step = |hours: i64, share| Step {
            at: Timestamp::from_micros(3_600_000_000 * hours),
            share,
        };
        let steps = vec![step(6, 0.2), step(13, 0.5), step(14, 1.0)];
        let ramp = Act::Ramp { steps, over: 0.1 };
        check(
            &[ramp],
            &[
                (
                    "Share",
                    "10% of the units, by the code",
                    "20% of the units, over 10% in code",
                ),
                (
                    "Coming steps",
                    "none",
                    "50% at 1970-01-01 13:00 UTC, 100% at 1970-01-01 14:00 UTC",
                ),
            ],
        );
    }
}
