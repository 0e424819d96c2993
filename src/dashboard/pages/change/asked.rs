//! The fields of an act, as they were entered, and the act that they stand for.

use serde::Deserialize;

use crate::{
    control::{Act, Step},
    dashboard::pages::{encoded, number::number},
    report::Utc,
};

use super::kind::Kind;

/// The maximum number of characters of a reason.
pub(super) const REASON: usize = 1_000;

/// The maximum number of steps of a ramp.
const STEPS: usize = 50;

/// The fields of all acts. They are texts, so that a page can show them again with the error.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(in crate::dashboard::pages) struct Asked {
    pub(super) set: String,
    /// The name of the act.
    pub(super) act: String,
    /// The share, in percent.
    pub(super) share: String,
    /// The steps of a ramp, one on each line.
    pub(super) steps: String,
    pub(super) track: String,
    /// The beginning and the end of a span.
    pub(super) from: String,
    pub(super) until: String,
    /// The number of a change to approve.
    pub(super) change: String,
    pub(super) reason: String,
    /// The phase that the page was made for, and the number of the last change that it knew.
    pub(super) phase: String,
    pub(super) previous: String,
    /// Whether the values are to be entered again.
    pub(super) edit: String,
}

/// A field that cannot be read.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Wrong {
    pub(super) field: &'static str,
    pub(super) why: String,
}

impl Wrong {
    pub(super) fn new(field: &'static str, why: impl Into<String>) -> Self {
        let why = why.into();
        Self { field, why }
    }
}

impl Asked {
    /// Returns the values of the act with their names, without those that are empty.
    pub(super) fn values(&self) -> impl Iterator<Item = (&'static str, &str)> {
        let values = [
            ("share", &*self.share),
            ("steps", &*self.steps),
            ("track", &*self.track),
            ("from", &*self.from),
            ("until", &*self.until),
            ("change", &*self.change),
        ];
        values.into_iter().filter(|(_, value)| !value.is_empty())
    }

    /// Returns the address of the page that shows what the act would do.
    pub(super) fn address(&self) -> String {
        let mut address = format!(
            "change?set={}&act={}",
            encoded(&self.set),
            encoded(&self.act)
        );
        for (name, value) in self.values() {
            address.push_str(&format!("&{name}={}", encoded(value)));
        }
        address
    }

    /// Returns the act over the share in code; `None` if its values have not been entered yet.
    pub(super) fn act(&self, kind: Kind, over: f64) -> Result<Option<Act>, Wrong> {
        if kind.has_values() && (self.values().next().is_none() || !self.edit.is_empty()) {
            return Ok(None);
        }
        let act = match kind {
            Kind::Pause => Act::Pause,
            Kind::Resume => Act::Resume,
            Kind::Close => Act::Close,
            Kind::Reset => Act::Reset,
            Kind::Share => Act::Share {
                share: percent("share", &self.share)?,
                over,
            },
            Kind::Ramp => Act::Ramp {
                steps: steps(&self.steps)?,
                over,
            },
            Kind::Ship => Act::Ship {
                track: self.track.clone().into(),
            },
            Kind::Exclude => Act::Exclude {
                from: time("from", &self.from)?.0,
                until: time("until", &self.until)?.0,
            },
            Kind::Approve => Act::Approve {
                change: whole("change", &self.change)?,
            },
        };
        Ok(Some(act))
    }

    /// Returns the reason without spaces around it.
    pub(super) fn reason(&self) -> Result<&str, Wrong> {
        let reason = self.reason.trim();
        match reason.chars().count() {
            0 => Err(Wrong::new("reason", "A reason is required.")),
            1..=REASON => Ok(reason),
            _ => Err(Wrong::new(
                "reason",
                "A reason has at most 1,000 characters.",
            )),
        }
    }

    /// Returns the number of the last change that the page knew.
    pub(super) fn previous(&self) -> Result<u64, Wrong> {
        whole("previous", &self.previous)
    }
}

fn whole(field: &'static str, text: &str) -> Result<u64, Wrong> {
    let number = text.trim().parse();
    number.map_err(|_| Wrong::new(field, "This is not the number of a change."))
}

/// Parses a share in percent, from 0 to 100.
fn percent(field: &'static str, text: &str) -> Result<f64, Wrong> {
    let percent = number("share", text).ok();
    let percent = percent.filter(|percent| (0.0..=100.0).contains(percent));
    let percent = percent.ok_or_else(|| {
        Wrong::new(
            field,
            "Write a share from 0 to 100 percent, such as 25 or 2.5.",
        )
    })?;
    Ok(percent / 100.0)
}

/// Parses a time of UTC as browsers send it, `2026-03-01T08:00`, and as it is in JSON.
fn time(field: &'static str, text: &str) -> Result<Utc, Wrong> {
    let text = text.trim();
    // Browsers omit the seconds and the zone, which the label says.
    let full = match text.len() {
        16 => format!("{text}:00Z"),
        19 => format!("{text}Z"),
        _ => text.to_owned(),
    };
    let time = full.parse();
    time.map_err(|_| Wrong::new(field, "Write a UTC time, such as 2026-03-01T08:00."))
}

/// Parses the steps of a ramp, a time and a share on each line.
fn steps(text: &str) -> Result<Vec<Step>, Wrong> {
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    let steps: Vec<Step> = lines.map(step).collect::<Result<_, _>>()?;
    match steps.len() {
        1..=STEPS => Ok(steps),
        _ => Err(Wrong::new(
            "steps",
            "Write 1 to 50 steps, one on each line.",
        )),
    }
}

fn step(line: &str) -> Result<Step, Wrong> {
    let wrong = || {
        let line: String = line.chars().take(60).collect();
        let why = format!(
            "“{line}” is not a step. Write a time and a share, such as 2026-03-01T08:00 25%."
        );
        Wrong::new("steps", why)
    };
    let (at, share) = line.split_once(['=', ' ', '\t']).ok_or_else(wrong)?;
    Ok(Step {
        at: time("steps", at).map_err(|_| wrong())?.0,
        share: percent("steps", share).map_err(|_| wrong())?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(act: &str, values: &[(&str, &str)]) -> Asked {
        let mut asked = Asked {
            act: act.to_owned(),
            ..Asked::default()
        };
        for (name, value) in values {
            let field = match *name {
                "share" => &mut asked.share,
                "steps" => &mut asked.steps,
                "from" => &mut asked.from,
                "until" => &mut asked.until,
                "change" => &mut asked.change,
                _ => &mut asked.track,
            };
            (*value).clone_into(field);
        }
        asked
    }

    #[track_caller]
    fn check(act: &str, values: &[(&str, &str)], expected: Result<&str, &str>) {
        let kind = Kind::named(act).unwrap();
        let found = asked(act, values).act(kind, 0.1);
        let found = found.map(|act| serde_json::to_string(&act).unwrap());
        let found = found.map_err(|wrong| wrong.field);
        assert_eq!(found.as_deref().map_err(|field| *field), expected);
    }

    #[test]
    fn values_become_an_act() {
        check("pause", &[], Ok(r#"{"act":"pause"}"#));
        check("share", &[], Ok("null"));
        for share in ["25", "25%", " 25 % "] {
            let expected = r#"{"act":"share","share":0.25,"over":0.1}"#;
            check("share", &[("share", share)], Ok(expected));
        }
        let steps = "1970-01-01T00:00 5%\r\n\r\n1970-01-01T00:00:01Z=50";
        let expected = r#"{"act":"ramp","steps":[{"at":0,"share":0.05},{"at":1000000,"share":0.5}],"over":0.1}"#;
        check("ramp", &[("steps", steps)], Ok(expected));
        let span = [
            ("from", "1970-01-01T00:00"),
            ("until", "1970-01-01T00:00:02"),
        ];
        check(
            "exclude",
            &span,
            Ok(r#"{"act":"exclude","from":0,"until":2000000}"#),
        );
        check(
            "approve",
            &[("change", "7")],
            Ok(r#"{"act":"approve","change":7}"#),
        );
    }

    #[test]
    fn a_wrong_value_names_its_field() {
        for share in ["x", "-1", "100.1", "inf", "NaN", "1e300", "é"] {
            check("share", &[("share", share)], Err("share"));
        }
        for steps in ["\n", "x", "1970-01-01T00:00", "1970-01-01T00:00 x", "é é"] {
            check("ramp", &[("steps", steps)], Err("steps"));
        }
        check("exclude", &[("from", "yesterday")], Err("from"));
        check("exclude", &[("from", "1970-01-01T00:00")], Err("until"));
        check(
            "exclude",
            &[("from", "ééééééé"), ("until", "é")],
            Err("from"),
        );
        check("approve", &[], Err("change"));
    }

    #[test]
    fn an_address_has_the_values() {
        let mut asked = asked("share", &[("share", "2&5")]);
        asked.set = "delay".to_owned();
        assert_eq!(asked.address(), "change?set=delay&act=share&share=2%265");
    }
}
