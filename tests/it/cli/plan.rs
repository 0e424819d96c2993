//! How many units a test needs.

use super::{Ran, small, tracks, tracks_of};
use crate::sinks::Folder;

#[test]
fn a_rate_from_10_to_11_percent() {
    let ran = Ran::of(&mut tracks(&[
        "plan", "--rate", "10%", "--effect", "1%", "--daily", "2000",
    ]));
    assert_eq!((ran.exit, &*ran.err), (0, ""));
    let expected = "\
plan of 14 looks            30,754 units: 15,377 in control, 15,377 in the track; 16 days; finds +1.0 percentage points (+10.0%)
valid at every look         60,682 units: 30,341 in control, 30,341 in the track; 31 days; finds +1.0 percentage points (+10.0%)
in 80 of 100 tests; take whole weeks, since weekdays differ
";
    assert_eq!(ran.out, expected);
}

#[test]
fn units_find_what_they_were_planned_for() {
    let plan = ["plan", "--rate", "0.1", "--units", "60682", "--json"];
    let found = Ran::of(&mut tracks(&plan)).json();
    let difference = found["at_every_look"]["difference"].as_f64().unwrap();
    assert!((difference - 0.01).abs() < 1e-6, "{found}");
    assert_eq!(found["at_every_look"]["smallest_track"], 30341);
}

/// The rule of thumb is 16 sd²/d² for each track.
#[test]
fn means_and_weights() {
    let plan = [
        "plan",
        "--mean",
        "20",
        "--deviation",
        "35",
        "--lift",
        "10%",
        "--weights",
        "2,1,1",
        "--json",
    ];
    let found = Ran::of(&mut tracks(&plan)).json();
    let planned = &found["by_the_plan"];
    let [units, control, track] =
        ["units", "control", "smallest_track"].map(|name| planned[name].as_u64().unwrap());
    assert_eq!((control, units), (2 * track, 4 * track));
    let rule = 16.0 * 35.0 * 35.0 / 4.0;
    assert!(
        (0.7 * rule..1.3 * rule).contains(&(track as f64)),
        "{found}"
    );
}

/// What may be meant is said, not guessed.
#[test]
fn percentages_have_a_percent_sign() {
    let plan = |arguments: &[&str]| Ran::of(&mut tracks(&[&["plan"], arguments].concat()));
    let percent = plan(&["--rate", "12%", "--effect", "1%"]);
    let part = plan(&["--rate", "0.12", "--effect", "0.01"]);
    assert_eq!((percent.exit, &percent.out), (0, &part.out));
    for (arguments, message) in [
        (
            ["--rate", "12", "--effect", "1%"],
            "invalid value '12' for '--rate <RATE>': a share is at most 1; write 12% or 0.12; see --help",
        ),
        (
            ["--rate", "120%", "--effect", "1%"],
            "invalid value '120%' for '--rate <RATE>': write a share from 0% to 100%, such as 12% or \
             0.12; see --help",
        ),
        (
            ["--rate", "12%", "--lift", "10"],
            "invalid value '10' for '--lift <LIFT>': write 10% or 1000%, whichever is meant; see --help",
        ),
        (
            ["--rate", "12%", "--effect", "2"],
            "--effect of a rate is below 1; write 2% or 0.02",
        ),
    ] {
        plan(&arguments).failed(2, message);
    }
    // Of a mean, an effect has the unit of the mean.
    let mean = plan(&["--mean", "20", "--deviation", "35", "--effect", "2"]);
    assert_eq!(mean.exit, 0, "{mean:?}");
}

#[test]
fn an_impossible_plan_has_its_reason() {
    let none = ["plan", "--rate", "10%", "--effect", "95%"];
    Ran::of(&mut tracks(&none)).failed(1, "the counts contradict each other");
    let weights = ["plan", "--rate", "10%", "--effect", "1%", "--weights", "1"];
    let message = "--weights has at least two weights above 0, control's first";
    Ran::of(&mut tracks(&weights)).failed(2, message);
    let daily = ["plan", "--rate", "10%", "--effect", "1%", "--daily", "0"];
    Ran::of(&mut tracks(&daily)).failed(2, "--daily is a number above 0");
}

/// The value, the deviation and the units a day come from the records of a set.
#[test]
fn what_was_recorded_is_filled_in() {
    let folder = Folder::new();
    let store = small(&folder);
    let plan = |arguments: &[&str]| {
        let all = [&["plan", "--effect", "5%"], arguments].concat();
        Ran::of(&mut tracks_of(&store, &all))
    };
    let ran = plan(&["--like", "pricing"]);
    assert_eq!((ran.exit, &*ran.err), (0, ""), "{ran:?}");
    assert!(ran.out.starts_with("like pricing, purchase: "), "{ran:?}");
    let json = plan(&["--like", "pricing", "--json"]).json();
    let recorded = &json["recorded"];
    let report = Ran::of(&mut tracks_of(&store, &["report", "--json"])).json();
    let control = &report["phases"][0]["goals"][0]["tracks"][0];
    assert_eq!(recorded["value"], control["value"]["value"]);
    assert_eq!(recorded["deviation"], serde_json::Value::Null);
    assert_eq!(recorded["daily"], 10.0);
    // As if it were typed.
    let rate = recorded["value"].to_string();
    let typed = [
        "plan", "--effect", "5%", "--rate", &rate, "--daily", "10", "--window", "7", "--json",
    ];
    let typed = Ran::of(&mut tracks(&typed)).json();
    assert_eq!(json["by_the_plan"], typed["by_the_plan"]);
    plan(&["--like", "delay"]).failed(1, "no records of set \"delay\"");
    plan(&["--like", "pricing", "--goal", "visit"])
        .failed(1, "pricing has no goal \"visit\", but: purchase");
    assert_eq!(plan(&["--like", "pricing", "--rate", "10%"]).exit, 2);
}
