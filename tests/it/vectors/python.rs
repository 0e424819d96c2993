//! What the Python package `tracks` 0.1.1 itself chose.
//!
//! Its names are free text. A name that is not legal here goes in as another name, and the
//! answer is mapped back: a set keeps its own name as the salt, and of a track only the place
//! among the tracks decides.

use std::collections::{HashMap, HashSet};

use serde::Deserialize;
use serde_json::value::RawValue;
use tower_tracks::{
    Choice, MultiTrackSet, ParamTrackSet, Reason, SimpleTrackSet,
    assign::{Bucketing, For, MultiTrackSetBuilder},
};

use super::{parse, run_file};

#[test]
fn python() {
    run_file("TRACKS_PYTHON_VECTORS", "python-tracks.json", run);
}

#[derive(Deserialize)]
struct Case {
    kind: Kind,
    /// The members where the kind is multi; otherwise the case itself is the set.
    sets: Option<Vec<Member>>,
    key: String,
    /// It may be null, and may not be absent.
    #[serde(deserialize_with = "Option::deserialize")]
    expect: Option<Expect>,
    masked: Option<Masked>,
}

#[derive(Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Kind {
    Simple,
    Param,
    Multi,
}

#[derive(Deserialize)]
struct Member {
    set: String,
    tracks: Option<Vec<String>>,
    /// As they are written, since Python and JSON write numbers alike.
    params: Option<Vec<Box<RawValue>>>,
    name_format: Option<String>,
    control: Option<bool>,
    weight: Option<u64>,
    eligible: Option<bool>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Expect {
    set: Option<String>,
    track: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Masked {
    set: Option<String>,
    track: Option<String>,
}

fn run(case_text: &str) -> Result<Vec<String>, String> {
    let case: Case = parse(case_text)?;
    let members = match (case.kind, case.sets) {
        (Kind::Multi, Some(sets)) => sets,
        (Kind::Multi, None) => return Err("malformed: it has no `sets`".to_owned()),
        _ => vec![parse(case_text)?],
    };
    let mut group = Group::new(&members);
    for member in members {
        if case.kind != Kind::Multi && member.params.is_some() != (case.kind == Kind::Param) {
            return Err("malformed: `tracks` are simple, `params` are param".to_owned());
        }
        group.add(member)?;
    }
    let labels = group.compare(&case.key, case.expect.as_ref(), case.masked.as_ref())?;
    let kind = match case.kind {
        Kind::Simple => "simple",
        Kind::Param => "param",
        Kind::Multi => "multi",
    };
    Ok(std::iter::once(kind)
        .chain(labels)
        .map(str::to_owned)
        .collect())
}

/// A group under way, and what its names stand for.
struct Group {
    builder: MultiTrackSetBuilder<For<()>>,
    /// The names of sets that may not be made up.
    taken: HashSet<String>,
    /// From our name of a set to Python's, and likewise of its tracks.
    names: HashMap<String, (String, HashMap<String, String>)>,
}

impl Group {
    fn new(members: &[Member]) -> Self {
        Self {
            builder: MultiTrackSet::builder()
                .bucketing(Bucketing::Python)
                .context(),
            taken: members.iter().map(|member| member.set.clone()).collect(),
            names: HashMap::new(),
        }
    }

    fn add(&mut self, member: Member) -> Result<(), String> {
        let name = self.legal_set(&member.set);
        let mut tracks = HashMap::from([("control".to_owned(), "control".to_owned())]);
        let builder = std::mem::replace(&mut self.builder, MultiTrackSet::builder().context());
        macro_rules! add {
            ($definition:expr) => {{
                let mut definition = $definition;
                if name != member.set {
                    definition = definition.salt(&member.set);
                }
                if !member.control.unwrap_or(true) {
                    definition = definition.without_control();
                }
                if let Some(weight) = member.weight {
                    definition = definition.weight(weight);
                }
                let eligible = member.eligible.unwrap_or(true);
                builder.add(definition.eligible(move |(): &()| eligible))
            }};
        }
        self.builder = match (member.tracks, member.params) {
            (Some(names), None) => {
                let legal = legal_tracks(&names, rank_of_method(&names));
                tracks.extend(legal.iter().cloned().zip(names));
                add!(
                    legal
                        .into_iter()
                        .fold(SimpleTrackSet::new(&name), |definition, track| {
                            definition.track(&track, track.clone())
                        })
                )
            }
            (None, Some(params)) => {
                let names = param_names(&params, member.name_format)?;
                let legal = legal_tracks(&names, (0..names.len()).collect());
                tracks.extend(legal.iter().cloned().zip(names));
                add!(ParamTrackSet::new(&name, legal, String::clone))
            }
            _ => return Err("malformed: a set has either `tracks` or `params`".to_owned()),
        };
        self.names.insert(name, (member.set, tracks));
        Ok(())
    }

    fn legal_set(&self, name: &str) -> String {
        if is_legal_set(name) {
            return name.to_owned();
        }
        let made_up = |index| format!("s{index}");
        let free = |name: &String| !self.taken.contains(name) && !self.names.contains_key(name);
        (0..).map(made_up).find(free).unwrap_or_default()
    }

    fn compare(
        self,
        key: &str,
        expect: Option<&Expect>,
        masked: Option<&Masked>,
    ) -> Result<Vec<&'static str>, String> {
        let group = self.builder.build().map_err(|error| error.to_string())?;
        let choice = group.assign(key, &());
        let Some(expect) = expect else {
            return match (choice.set(), choice.track(), choice.reason()) {
                (None, None, Reason::Ineligible) => Ok(vec!["expecting null"]),
                _ => Err(format!("it chose {choice}")),
            };
        };
        let (Some(set), Some(track)) = (choice.set(), choice.track()) else {
            return Err(format!("it chose {choice}"));
        };
        let (python_set, python_tracks) = &self.names[set];
        let python_track = &python_tracks[track];
        let right_set = expect.set.as_ref().is_none_or(|name| name == python_set);
        if !right_set || expect.track != *python_track {
            return Err(format!("it chose {python_set:?}, {python_track:?}"));
        }
        let value = choice.value::<String>().map(String::as_str);
        if value != Some(track).filter(|_| !choice.is_control()) {
            return Err(format!("the track carries {value:?}"));
        }
        let mut labels = Vec::new();
        if let Some(masked) = masked {
            labels.extend(compare_masked(&choice, masked, track == python_track)?);
        }
        if set != python_set {
            labels.push("set named otherwise");
        }
        if track != python_track {
            labels.push("track named otherwise");
        }
        Ok(labels)
    }
}

/// A track that goes by another name here is masked otherwise, too.
fn compare_masked(
    choice: &Choice<'_>,
    expect: &Masked,
    same_track: bool,
) -> Result<Vec<&'static str>, String> {
    let mut labels = Vec::new();
    if expect.set.is_some() {
        match choice.masked_set() {
            masked if masked == expect.set => labels.push("with masked set"),
            masked => return Err(format!("the set is masked as {masked:?}")),
        }
    }
    if expect.track.is_some() && same_track {
        match choice.masked_track() {
            masked if masked == expect.track => labels.push("with masked track"),
            masked => return Err(format!("the track is masked as {masked:?}")),
        }
    }
    Ok(labels)
}

/// Returns the tracks' names where all are legal, else names that are ranked as `ranks` say.
fn legal_tracks(names: &[String], ranks: Vec<usize>) -> Vec<String> {
    let distinct: HashSet<&String> = names.iter().collect();
    match distinct.len() == names.len() && names.iter().all(|name| is_legal_track(name)) {
        true => names.to_vec(),
        false => ranks.iter().map(|rank| format!("t{rank:06}")).collect(),
    }
}

/// Python sorts its tracks' methods by the name in code points, as bytes of UTF-8 are sorted.
fn rank_of_method(names: &[String]) -> Vec<usize> {
    let method = |name: &String| format!("{name}_track");
    let rank = |name| {
        let before = |other: &&String| method(other) < method(name);
        names.iter().filter(before).count()
    };
    names.iter().map(rank).collect()
}

fn is_legal_set(name: &str) -> bool {
    let begins = |first: char| first.is_ascii_lowercase() || first == '*';
    let upper = |byte: u8| byte.is_ascii_uppercase();
    is_legal_track(name) && name.starts_with(begins) && !name.bytes().any(upper)
}

fn is_legal_track(name: &str) -> bool {
    let legal = |byte: u8| byte.is_ascii_alphanumeric() || b"_-.*".contains(&byte);
    (1..=64).contains(&name.len()) && name.bytes().all(legal)
}

fn param_names(
    params: &[Box<RawValue>],
    name_format: Option<String>,
) -> Result<Vec<String>, String> {
    let Some(format) = name_format else {
        return Err("malformed: `params` need a `name_format`".to_owned());
    };
    let name = |param: &RawValue| Ok(format.replace("{}", &python_text(param.get())?));
    params.iter().map(|param| name(param)).collect()
}

/// Returns what Python's `str` makes of a value that is written as JSON.
fn python_text(json: &str) -> Result<String, String> {
    match json.as_bytes().first() {
        Some(b'"') => parse(json),
        Some(b'-' | b'0'..=b'9') => Ok(json.to_owned()),
        _ => Err(format!("malformed: the param {json} is no text or number")),
    }
}

/// What keeps the comparison honest.
mod comparison {
    use super::run;

    /// Checks a case by the labels it gives, or by a part of what is wrong with it.
    #[track_caller]
    fn check(case: &str, outcome: Result<&[&str], &str>) {
        match (run(case), outcome) {
            (Ok(labels), Ok(expected)) => assert_eq!(labels, expected),
            (Err(error), Err(part)) => assert!(error.contains(part), "{error}"),
            (actual, _) => panic!("{actual:?} is not {outcome:?}"),
        }
    }

    // MD5("foobar:0") modulo 3 is 0, by Python's hashlib.

    #[test]
    fn optional_fields_may_be_absent() {
        check(
            r#"{"kind": "simple", "set": "foobar", "tracks": ["foo", "bar"], "key": "0",
                "expect": {"track": "control"}}"#,
            Ok(&["simple"]),
        );
        check(
            r#"{"kind": "multi", "sets": [{"set": "foobar", "tracks": ["foo", "bar"]}], "key": "0",
                "expect": {"set": "foobar", "track": "control"}, "masked": {"set": "3858f62"}}"#,
            Ok(&["multi", "with masked set"]),
        );
        check(
            r#"{"kind": "multi", "sets": [], "key": "0", "expect": null}"#,
            Ok(&["multi", "expecting null"]),
        );
    }

    #[test]
    fn params_are_written_as_python_writes_them() {
        for (params, name) in [
            ("[0.5, 1.0, 1e-07]", "by_0.5"),
            ("[1e-07, 1.0, 2.0]", "by_1e-07"),
            (r#"["-5", "\u0061", "b"]"#, "by_-5"),
        ] {
            check(
                &format!(
                    r#"{{"kind": "param", "set": "foobar", "params": {params}, "name_format": "by_{{}}",
                        "control": false, "key": "0", "expect": {{"track": "{name}"}}}}"#
                ),
                Ok(&["param"]),
            );
        }
        check(
            r#"{"kind": "param", "set": "foobar", "params": ["half off", 1, 2], "name_format": "{} %",
                "control": false, "key": "0", "expect": {"track": "half off %"}}"#,
            Ok(&["param", "track named otherwise"]),
        );
    }

    #[test]
    fn illegal_tracks_keep_their_order() {
        check(
            r#"{"kind": "simple", "set": "foobar", "tracks": ["größer", "Über", "a"], "control": false,
                "key": "0", "expect": {"track": "a"}}"#,
            Ok(&["simple", "track named otherwise"]),
        );
    }

    #[test]
    fn wrong_vectors_fail() {
        let foobar = r#""set": "foobar", "tracks": ["foo", "bar"], "key": "0""#;
        let track = |track: &str| {
            format!(r#"{{"kind": "simple", {foobar}, "expect": {{"track": "{track}"}}}}"#)
        };
        check(&track("foo"), Err(r#"it chose "foobar", "control""#));
        for (rest, part) in [
            (r#""expect": null"#, "it chose foobar/control"),
            (
                r#""expect": {"set": "foo", "track": "control"}"#,
                r#"it chose "foobar""#,
            ),
            (
                r#""expect": {"track": "control"}, "masked": {"set": "0000000"}"#,
                "the set is masked as",
            ),
            (
                r#""expect": {"track": "control"}, "masked": {"track": "0000000"}"#,
                "the track is masked as",
            ),
            (
                r#""expect": {"track": "control"}, "eligible": false"#,
                "it chose (ineligible)",
            ),
            (r#""masked": null"#, "malformed: missing field `expect`"),
            (r#""expect": {}"#, "malformed: missing field `track`"),
            (
                r#""expect": null, "params": [1]"#,
                "malformed: `tracks` are simple",
            ),
        ] {
            check(
                &format!(r#"{{"kind": "simple", {foobar}, {rest}}}"#),
                Err(part),
            );
        }
        check(
            r#"{"kind": "param", "set": "foobar", "params": [true], "name_format": "{}",
                "key": "0", "expect": null}"#,
            Err("malformed: the param true"),
        );
        check(
            &format!(r#"{{"kind": "other", {foobar}, "expect": null}}"#),
            Err("malformed: unknown variant `other`"),
        );
    }
}
