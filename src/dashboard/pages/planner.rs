//! The planner: how many units a test needs, from a form.

use askama::Template;
use axum::{Extension, extract::Query, response::Response};
use serde::{Deserialize, Serialize};

use crate::dashboard::{
    responses::Cell,
    view::{Pace, RecordedGoal, Sizes},
    visit::Visit,
};

use super::{Frame, Place, document, encoded, html, number::number, table};

/// The form as it was filled in. Fields are texts, so that a page can show them again with the
/// error.
#[derive(Debug, Default, Deserialize, Serialize)]
#[serde(default, rename_all = "kebab-case")]
pub(super) struct Asked {
    /// The value of the goal in control: a rate in percent, or a mean.
    baseline: String,
    /// The standard deviation of a mean; empty for a rate.
    deviation: String,
    /// The smallest lift that matters, in percent.
    lift: String,
    /// The number of tracks besides control.
    tracks: String,
    /// The number of new units per day; may be empty.
    daily: String,
    /// How many days the last unit has to reach the goal; may be empty.
    window: String,
}

/// The page with the form and the answer.
#[derive(Template)]
#[template(path = "planner.html")]
struct Page {
    frame: Frame,
    asked: Asked,
    answer: Option<Result<Sizes, String>>,
    /// The goals that were recorded, from which the form can be filled in.
    recorded: Vec<RecordedGoal>,
}

/// The same as JSON.
#[derive(Serialize)]
struct Document {
    asked: Asked,
    sizes: Option<Sizes>,
    #[serde(rename = "no-answer")]
    why: Option<String>,
}

/// The page with the form and, if it is filled in, the answer.
pub(super) async fn page(visit: Extension<Visit>, Query(asked): Query<Asked>) -> Response {
    html(&Page {
        frame: Frame::new(Place::Planner, &visit),
        answer: asked.answer(),
        asked,
        recorded: RecordedGoal::all(&visit.known.report),
    })
}

/// The answer as JSON.
pub(super) async fn json(Query(asked): Query<Asked>) -> Response {
    let (sizes, why) = match asked.answer().transpose() {
        Ok(sizes) => (sizes, None),
        Err(why) => (None, Some(why)),
    };
    document(&Document { asked, sizes, why })
}

/// The answer as CSV; only the header if the form has an error.
pub(super) async fn csv(Query(asked): Query<Asked>) -> Response {
    let sizes = asked.answer().and_then(Result::ok);
    let rows = sizes.iter().flat_map(Sizes::rows).map(|(how, size)| {
        vec![
            Cell::text(how),
            Cell::number(size.per_track),
            Cell::number(size.total),
            Cell::option(size.days),
        ]
    });
    table(&["how", "units_per_track", "units", "days"], rows)
}

impl Asked {
    /// Returns the sizes, or the error of a field; `None` for the empty form, and for one that is only filled in with
    /// what was recorded.
    fn answer(&self) -> Option<Result<Sizes, String>> {
        let is_empty = self.baseline.is_empty() && self.lift.is_empty();
        let is_filled_in = self.lift.is_empty() && !self.window.is_empty();
        (!is_empty && !is_filled_in).then(|| self.sizes())
    }

    /// Returns the query of this form.
    fn query(&self) -> String {
        let fields = [
            ("baseline", &self.baseline),
            ("deviation", &self.deviation),
            ("lift", &self.lift),
            ("tracks", &self.tracks),
            ("daily", &self.daily),
            ("window", &self.window),
        ];
        let field = |(name, value): (&str, &String)| format!("{name}={}", encoded(value));
        fields.map(field).join("&")
    }

    /// Parses the fields and computes the sizes. Without a standard deviation, the goal is a rate.
    fn sizes(&self) -> Result<Sizes, String> {
        let baseline = number("control", &self.baseline)?;
        let lift = number("smallest lift", &self.lift)? / 100.0;
        let tracks = match or(&self.tracks, "1").parse() {
            Ok(tracks @ 1..=1000) => tracks,
            _ => return Err("tracks: 1 to 1,000 are wanted".to_owned()),
        };
        let daily = match self.daily.trim() {
            "" => None,
            daily => Some(number("units a day", daily)?),
        };
        let window = match self.window.trim() {
            "" => 0.0,
            window => match number("window", window)? {
                window @ 0.0.. => window,
                _ => return Err("window: a number from 0 on is wanted".to_owned()),
            },
        };
        let pace = Pace { daily, window };
        let sizes = match self.deviation.trim() {
            "" => {
                let rate = baseline / 100.0;
                Sizes::of(tracks, pace, |plan| plan.for_rate(rate, rate * lift))
            }
            deviation => {
                let spread = number("standard deviation", deviation)?;
                let difference = baseline * lift;
                Sizes::of(tracks, pace, |plan| {
                    plan.for_mean(spread, spread, difference)
                })
            }
        };
        sizes.map_err(|why| why.to_string())
    }
}

/// Returns the text, or the default if it is blank.
fn or<'a>(text: &'a str, default: &'a str) -> &'a str {
    match text.trim() {
        "" => default,
        text => text,
    }
}
