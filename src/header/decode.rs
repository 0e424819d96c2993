use sfv::{BareItem, Dictionary, ListEntry, Parameters, Parser};

use crate::assign::{RunId, is_set_name, is_track_name};

use super::{error::DecodeError, exposed::Exposed};
use crate::unit::{Unit, hex};

/// The longest header in bytes: more than 64 sets with all their parameters.
const LONGEST: usize = 16 * 1024;

/// Parses the exposures of a `Tracks-Exposure` header, for instance from an access log.
///
/// Join several lines of the header by commas, as proxies do. An empty text and `-`, which logs
/// have for a missing header, yield no exposures. Quotes may be escaped as `\x22`, as nginx does by
/// default; a JSON parser removes the escapes of JSON.
///
/// If a set occurs twice, its last member counts, at the position of the first. Unknown parameters
/// are ignored (RFC 9651).
///
/// # Errors
///
/// If the text is longer than 16 KiB, is not a dictionary of RFC 9651, or has a member that the
/// layer never writes.
///
/// ```
/// let exposed = tower_tracks::header::decode(r"pricing=cheap, delay=\x222s\x22;phase=2")?;
/// let [pricing, delay] = exposed.as_slice() else { unreachable!() };
/// assert_eq!((&*pricing.set, &*pricing.track, pricing.phase), ("pricing", "cheap", 1));
/// assert_eq!((&*delay.set, &*delay.track, delay.phase), ("delay", "2s", 2));
/// assert!(tower_tracks::header::decode("-")?.is_empty());
/// # Ok::<(), tower_tracks::header::DecodeError>(())
/// ```
pub fn decode(text: &str) -> Result<Vec<Exposed>, DecodeError> {
    let length = text.len();
    if length > LONGEST {
        return Err(DecodeError::TooLong { length });
    }
    if matches!(text.trim(), "" | "-") {
        return Ok(Vec::new());
    }
    let dictionary = dictionary(text)?;
    let members = dictionary.iter();
    members
        .map(|(set, entry)| member(set.as_str(), entry))
        .collect()
}

/// Parses the dictionary, after it undoes the escapes of nginx.
fn dictionary(text: &str) -> Result<Dictionary, DecodeError> {
    // In a string of RFC 9651, a backslash may stand only before a quote or a backslash. So `\x22`
    // has no other meaning there.
    let text = text.replace(r"\x22", "\"");
    let dictionary = Parser::new(&text).parse();
    dictionary.map_err(|error| DecodeError::Syntax {
        reason: error.to_string(),
    })
}

/// Returns the exposure of one member. A set and a track are checked by the rules of names, so that
/// no other text gets further.
fn member(set: &str, entry: &ListEntry) -> Result<Exposed, DecodeError> {
    let set = set.to_owned();
    if !is_set_name(&set) {
        return Err(DecodeError::Set { set });
    }
    let item = match entry {
        ListEntry::Item(item) => item,
        ListEntry::InnerList(_) => return Err(DecodeError::Track { set }),
    };
    let Some(track) = track(&item.bare_item) else {
        return Err(DecodeError::Track { set });
    };
    parameters(&set, track, &item.params)
        .map_err(|parameter| DecodeError::Parameter { set, parameter })
}

fn track(item: &BareItem) -> Option<&str> {
    let track = match item {
        BareItem::Token(token) => token.as_str(),
        BareItem::String(string) => string.as_str(),
        _ => return None,
    };
    is_track_name(track).then_some(track)
}

/// Returns the exposure, or the name of the parameter with an invalid value.
fn parameters(set: &str, track: &str, params: &Parameters) -> Result<Exposed, &'static str> {
    Ok(Exposed {
        set: set.to_owned(),
        track: track.to_owned(),
        // The layer omits the first phase.
        phase: read(params, "phase", phase)?.unwrap_or(1),
        forced: read(params, "forced", BareItem::as_boolean)?.unwrap_or(false),
        run_id: read(params, "run", run_id)?,
        unit: read(params, "unit", unit)?,
    })
}

/// Returns the value of a parameter; `None` if it is missing, an error if its value is invalid.
fn read<T>(
    params: &Parameters,
    name: &'static str,
    value: impl FnOnce(&BareItem) -> Option<T>,
) -> Result<Option<T>, &'static str> {
    let found = params.get(name);
    found.map(|item| value(item).ok_or(name)).transpose()
}

/// A phase is from 1, and at most what 32 bits hold.
fn phase(item: &BareItem) -> Option<u32> {
    let phase = i64::from(item.as_integer()?);
    u32::try_from(phase).ok().filter(|phase| *phase > 0)
}

fn unit(item: &BareItem) -> Option<Unit> {
    hex::read(item.as_string()?.as_str()).map(Unit::from_bytes)
}

/// Accepts only the text that the layer writes for a run.
fn run_id(item: &BareItem) -> Option<RunId> {
    let text = item.as_string()?.as_str();
    let bytes = hex::read(&text.replace('-', ""))?;
    let run_id = RunId::from_random(bytes);
    (run_id.to_string() == text).then_some(run_id)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &[&str]) {
        let texts: Vec<String> = decode(text).unwrap().iter().map(show).collect();
        assert_eq!(texts, expected, "{text}");
    }

    fn show(exposed: &Exposed) -> String {
        let Exposed {
            set, track, phase, ..
        } = exposed;
        let forced = if exposed.forced { " forced" } else { "" };
        let run_id = exposed
            .run_id
            .map(|id| format!(" {id}"))
            .unwrap_or_default();
        let unit = exposed
            .unit
            .map(|unit| format!(" {unit}"))
            .unwrap_or_default();
        format!("{set}/{track}@{phase}{forced}{run_id}{unit}")
    }

    #[track_caller]
    fn check_refused(text: &str, message: &str) {
        assert_eq!(decode(text).unwrap_err().to_string(), message);
    }

    #[test]
    fn an_empty_header_has_no_exposures() {
        for text in ["", " ", "-", " - "] {
            check(text, &[]);
        }
    }

    #[test]
    fn members_are_read_in_order() {
        check("pricing=cheap", &["pricing/cheap@1"]);
        check(
            "b=x, a=y,*c=\"-5\";phase=12",
            &["b/x@1", "a/y@1", "*c/-5@12"],
        );
        check(r"delay=\x222s\x22, a=b", &["delay/2s@1", "a/b@1"]);
        check("a=b;forced, c=d;forced=?0", &["a/b@1 forced", "c/d@1"]);
        let run = "11111111-1111-4111-9111-111111111111";
        let unit = "d0e377de111cb911866516568a6f5f77";
        check(
            &format!("a=b;run=\"{run}\";unit=\"{unit}\""),
            &[&format!("a/b@1 {run} {unit}")],
        );
    }

    #[test]
    fn the_last_of_two_counts() {
        check("a=b, c=d, a=e;phase=2", &["a/e@2", "c/d@1"]);
        check("a=b;phase=2;phase=3", &["a/b@3"]);
    }

    #[test]
    fn unknown_parameters_are_ignored() {
        check("a=b;x;y=1.5;phase=2;z=:YQ==:", &["a/b@2"]);
    }

    #[test]
    fn members_that_the_layer_never_writes_are_refused() {
        check_refused("a=1", "set \"a\": the value is not a track name");
        for text in [
            "a",
            "a=(b)",
            "a=\"\"",
            "a=\"x y\"",
            "a=b/c",
            "a=?1",
            "a=:YQ==:",
        ] {
            check_refused(text, "set \"a\": the value is not a track name");
        }
        for phase in ["0", "-1", "4294967296", "x", "\"2\"", "2.0"] {
            let text = format!("a=b;phase={phase}");
            check_refused(&text, "set \"a\": the value of `phase` is invalid");
        }
        for run in [
            "11111111-1111-4111-9111-11111111111",
            "1-1111111111114111911111111111111",
        ] {
            check_refused(
                &format!("a=b;run=\"{run}\""),
                "set \"a\": the value of `run` is invalid",
            );
        }
        check_refused("a=b;unit=x", "set \"a\": the value of `unit` is invalid");
        check_refused(
            "a=b;forced=1",
            "set \"a\": the value of `forced` is invalid",
        );
        let set = "x".repeat(65);
        assert_eq!(decode(&format!("{set}=b")), Err(DecodeError::Set { set }));
    }

    #[test]
    fn a_text_that_is_not_a_dictionary_is_refused() {
        for text in [
            "A=b", "a=b,", "a=b c=d", "a=\"b", "ä=b", "a=b\n", "\u{0}", "a=\\x2", "--",
        ] {
            let error = decode(text).unwrap_err();
            assert!(
                matches!(error, DecodeError::Syntax { .. }),
                "{text}: {error}"
            );
        }
    }

    #[test]
    fn its_length_is_bounded() {
        let text = |length: usize| format!("{:length$}", "a=b");
        assert!(decode(&text(LONGEST)).is_ok());
        let length = LONGEST + 1;
        assert_eq!(decode(&text(length)), Err(DecodeError::TooLong { length }));
    }
}
