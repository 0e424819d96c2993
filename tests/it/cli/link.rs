//! Links that show a track.

use std::{process::Command, time::SystemTime};

use tower_tracks::middleware::Override;

use super::{super::examples::example, Folder, Ran, small, tracks_of, without_settings};

const LINKS: &str = "a secret for links alone";

fn link(command: &mut Command) -> Ran {
    Ran::of(command.env("TRACKS_LINK_SECRET", LINKS))
}

#[test]
fn a_link_shows_a_track_of_the_store_for_some_hours() {
    let folder = Folder::new();
    let store = small(&folder);
    let page = "https://shop.example/coconuts?from=mail";
    let arguments = [
        "link", "--set", "pricing", "--track", "cheap", "--hours", "48", "--base", page,
    ];
    let before = SystemTime::now();
    let ran = link(&mut tracks_of(&store, &arguments));
    let (line, said) = ran.out.split_once('\n').unwrap();
    let token = line.strip_prefix(&format!("{page}&tracks=")).unwrap();
    assert!(said.starts_with("shows pricing/cheap until 20"), "{ran:?}");

    let forced = Override::new(LINKS).unwrap().verify(token, before).unwrap();
    assert_eq!(
        (forced.set(), forced.track(), forced.phase()),
        ("pricing", "cheap", 1)
    );
    let hours = forced
        .expires()
        .duration_since(before)
        .unwrap()
        .as_secs_f64()
        / 3600.0;
    assert!((47.9..48.1).contains(&hours), "{hours}");

    let arguments = ["link", "--set", "pricing", "--track", "control", "--json"];
    let said = link(&mut tracks_of(&store, &arguments)).json();
    assert!(
        said["link"]
            .as_str()
            .unwrap()
            .starts_with("?tracks=v2~pricing~1~control~"),
        "{said}"
    );
}

#[test]
fn unknown_names_are_refused_with_the_known_ones() {
    let folder = Folder::new();
    let store = small(&folder);
    for (set, track, message) in [
        (
            "pricng",
            "cheap",
            "unknown set \"pricng\"; known sets: pricing",
        ),
        (
            "pricing",
            "chaep",
            "set \"pricing\" has no track \"chaep\"; it has control, cheap, expensive",
        ),
    ] {
        let arguments = ["link", "--set", set, "--track", track];
        link(&mut tracks_of(&store, &arguments)).failed(1, message);
    }
    let arguments = ["link", "--set", "pricing", "--track", "cheap"];
    let message = "TRACKS_LINK_SECRET is not set; set it to at least 16 random bytes, such as those \
                   of `openssl rand -hex 32`";
    let mut without = tracks_of(&store, &arguments);
    Ran::of(without.env_remove("TRACKS_LINK_SECRET")).failed(1, message);
}

/// Before anybody was exposed, no store has the set.
#[test]
fn the_applications_own_program_knows_its_sets_without_a_store() {
    let mut command = example("command_line");
    let arguments = ["link", "--set", "delay", "--track", "long"];
    let ran = link(without_settings(&mut command).args(arguments));
    assert!(ran.out.starts_with("?tracks=v2~delay~1~long~"), "{ran:?}");
}
