//! Which track keys are in, and why.

use super::{Folder, Ran, small, tracks, tracks_of};

#[test]
fn a_track_is_explained_by_the_stored_definition() {
    let folder = Folder::new();
    let store = small(&folder);
    let ran = Ran::of(&mut tracks_of(&store, &["assign", "alice"]));
    assert_eq!((ran.exit, &*ran.err), (0, ""), "{ran:?}");
    let choice = super::pricing();
    let choice = choice.assign("alice", &());
    let digest = choice.digest().unwrap();
    let digest: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
    let lines: Vec<&str> = ran.out.lines().collect();
    assert_eq!(lines[0], "alice");
    assert_eq!(
        lines[1],
        format!("  pricing phase 1: {}", choice.track().unwrap())
    );
    assert_eq!(
        lines[2],
        format!("    hashed \"7:pricing,alice\", SHA-256 {digest}")
    );
    assert!(lines[3].starts_with(&format!("    set    {}  score ", &digest[..16])));
    assert_eq!(lines[4], format!("    share  {}  in 100%", &digest[16..32]));
    assert!(lines[5].starts_with(&format!("    track  {}  ticket ", &digest[32..48])));
    let coin = u8::from(choice.coin().unwrap());
    assert_eq!(lines[6], format!("    coin   {}  {coin}", &digest[48..]));
    assert!(lines[7].starts_with("stored definitions say nothing of groups and eligibility"));
}

#[test]
fn keys_come_from_a_file_too() {
    let folder = Folder::new();
    let store = small(&folder);
    let mut command = tracks_of(&store, &["assign", "--keys", "-", "--json"]);
    let json = Ran::with_input(&mut command, "alice\nbob\r\n").json();
    for (index, key) in ["alice", "bob"].into_iter().enumerate() {
        let said = &json["keys"][index];
        assert_eq!(said["key"], key);
        let track = super::pricing()
            .assign(key, &())
            .track()
            .unwrap()
            .to_owned();
        assert_eq!(said["groups"][0]["sets"][0]["track"], *track);
    }
}

#[test]
fn without_sets_there_is_nothing_to_assign() {
    let message = "no sets: say --store PATH, or run a program of your own with its sets";
    Ran::of(&mut tracks(&["assign", "alice"])).failed(2, message);
    let folder = Folder::new();
    let store = small(&folder);
    let other = ["assign", "alice", "--set", "delay"];
    Ran::of(&mut tracks_of(&store, &other)).failed(1, "no definition of this set is stored");
}
