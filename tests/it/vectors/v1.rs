//! What an independent implementation of [`Bucketing::V1`](tower_tracks::assign::Bucketing::V1) chose.

use serde::Deserialize;
use tower_tracks::{Choice, MultiTrackSet, Reason, SimpleTrackSet};

use super::{hex, parse, run_file};

#[test]
fn v1() {
    run_file("TRACKS_V1_VECTORS", "v1.json", run);
}

#[derive(Deserialize)]
struct Case {
    sets: Vec<Member>,
    key: String,
    expect: Expect,
}

#[derive(Deserialize)]
struct Member {
    set: String,
    salt: Option<String>,
    phase: Option<u32>,
    weight: Option<u64>,
    share: Option<f64>,
    eligible: Option<bool>,
    tracks: Vec<(String, u64)>,
}

/// What is given is compared. A set must be given where one is chosen, a track where the key
/// is enrolled.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Expect {
    reason: String,
    set: Option<String>,
    track: Option<String>,
    digest: Option<String>,
    coin: Option<u8>,
}

fn run(case: &str) -> Result<Vec<String>, String> {
    let Case { sets, key, expect } = parse(case)?;
    let mut group = MultiTrackSet::builder().context::<()>();
    for set in sets {
        group = group.add(set.definition());
    }
    let group = group.build().map_err(|error| error.to_string())?;
    compare(&group.assign(&key, &()), &expect)
}

impl Member {
    /// Returns the set; each of its tracks carries its own name.
    fn definition(self) -> SimpleTrackSet<String, tower_tracks::assign::For<()>> {
        let mut definition = SimpleTrackSet::new(self.set);
        if self
            .tracks
            .first()
            .is_none_or(|(name, _)| name != "control")
        {
            definition = definition.without_control();
        }
        for (index, (name, weight)) in self.tracks.into_iter().enumerate() {
            if index > 0 || name != "control" {
                definition = definition.track(&name, name.clone());
            }
            definition = definition.track_weight(name, weight);
        }
        if let Some(salt) = self.salt {
            definition = definition.salt(salt);
        }
        if let Some(phase) = self.phase {
            definition = definition.phase(phase);
        }
        if let Some(weight) = self.weight {
            definition = definition.weight(weight);
        }
        if let Some(share) = self.share {
            definition = definition.share(share);
        }
        let eligible = self.eligible.unwrap_or(true);
        definition.eligible(move |(): &()| eligible)
    }
}

fn compare(choice: &Choice<'_>, expect: &Expect) -> Result<Vec<String>, String> {
    let complete = match expect.reason.as_str() {
        "bucketed" => expect.set.is_some() && expect.track.is_some(),
        "outside-share" => expect.set.is_some() && expect.track.is_none(),
        "ineligible" => expect.set.is_none() && expect.track.is_none(),
        _ => false,
    };
    if !complete {
        return Err("malformed: the reason does not go with set and track".to_owned());
    }
    let named = (choice.reason().as_str(), choice.set(), choice.track());
    if named
        != (
            &expect.reason,
            expect.set.as_deref(),
            expect.track.as_deref(),
        )
    {
        return Err(format!("it chose {named:?}"));
    }
    let value = choice.value::<String>().map(String::as_str);
    if value != choice.track().filter(|_| !choice.is_control()) {
        return Err(format!("the track carries {value:?}"));
    }
    if choice.coin().is_some() != (choice.reason() == Reason::Bucketed) {
        return Err(format!("the coin is {:?}", choice.coin()));
    }
    let mut labels = vec![expect.reason.clone()];
    if let Some(digest) = &expect.digest {
        let actual = choice.digest().map(|digest| hex(&digest));
        if actual.as_ref() != Some(digest) {
            return Err(format!("the digest is {actual:?}"));
        }
        labels.push("with digest".to_owned());
    }
    if let Some(coin) = expect.coin {
        let actual = choice.coin().map(u8::from);
        if actual != Some(coin) {
            return Err(format!("the coin is {actual:?}"));
        }
        labels.push("with coin".to_owned());
    }
    Ok(labels)
}

/// What keeps the comparison honest.
#[test]
fn cases_are_not_taken_for_right() {
    #[track_caller]
    fn check(expect: &str, outcome: Result<&[&str], &str>) {
        let case = format!(
            r#"{{"sets": [{{"set": "delay", "tracks": [["control", 1], ["short", 1], ["long", 1]]}}],
                "key": "alice", "expect": {expect}}}"#,
        );
        match (run(&case), outcome) {
            (Ok(labels), Ok(expected)) => assert_eq!(labels, expected),
            (Err(error), Err(part)) => assert!(error.contains(part), "{error}"),
            (actual, _) => panic!("{actual:?} is not {outcome:?}"),
        }
    }

    let right = r#"{"reason": "bucketed", "set": "delay", "track": "short"}"#;
    check(right, Ok(&["bucketed"]));
    check(r#"{"reason": "ineligible"}"#, Err("it chose"));
    check(
        r#"{"reason": "bucketed", "set": "delay", "track": "long"}"#,
        Err("it chose"),
    );
    check(
        r#"{"reason": "bucketed", "set": "delay", "track": "short", "digest": "f8"}"#,
        Err("the digest is"),
    );
    check(
        r#"{"reason": "bucketed", "set": "delay", "track": "short", "coin": 2}"#,
        Err("the coin is"),
    );
    check(
        r#"{"reason": "bucketed", "set": "delay"}"#,
        Err("malformed: the reason"),
    );
    check(r#"{"reason": "lucky"}"#, Err("malformed: the reason"));
    check(
        r#"{"reason": "ineligible", "coyn": 1}"#,
        Err("malformed: unknown field `coyn`"),
    );
    check("null", Err("malformed: "));
}
