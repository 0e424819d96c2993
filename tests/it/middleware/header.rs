//! `Tracks-Exposure`, read back by another implementation of RFC 9651.

use axum::{Router, routing::get as on_get};
use http::HeaderName;
use proptest::prelude::*;
use sfv::{BareItem, Dictionary, ListEntry, Parser};
use tower_tracks::{Assignments, MultiTrackSet, SimpleTrackSet, TracksLayer};

use crate::support::{always, exposed, get, layer};

/// Returns the lines of the header after everything was read.
async fn read_all(layer: TracksLayer) -> Vec<String> {
    let handler = async |all: Assignments| all.iter().for_each(|one| drop(one.to_string()));
    let app: Router = Router::new().route("/", on_get(handler)).layer(layer);
    let response = get(app, "/").await;
    exposed(&response).into_iter().map(str::to_owned).collect()
}

fn one(set: &str, track: &str, phase: u32) -> MultiTrackSet {
    let set = SimpleTrackSet::new(set).without_control().track(track, ());
    set.phase(phase).build().unwrap()
}

#[tokio::test]
async fn it_is_a_dictionary() {
    let check = async |sets: MultiTrackSet, expected: &str| {
        assert_eq!(read_all(layer(sets)).await, [expected]);
    };
    check(one("pricing", "cheap", 1), "pricing=cheap").await;
    check(one("pricing", "cheap", 2), "pricing=cheap;phase=2").await;
    check(one("*hidden", "*x", 1), "*hidden=*x").await;
    check(one("pricing", "10-off", 1), "pricing=\"10-off\"").await;
    check(one("pricing", "-5", 12), "pricing=\"-5\";phase=12").await;
    check(one("pricing", "_", 1), "pricing=\"_\"").await;
}

#[tokio::test]
async fn several_groups_stand_in_one_line() {
    let layer = layer(always("delay"))
        .and(one("banner", "blue", 3))
        .unwrap();
    assert_eq!(read_all(layer).await, ["delay=on, banner=blue;phase=3"]);
}

#[tokio::test]
async fn its_name_can_be_set_and_it_can_be_off() {
    let named = layer(always("delay")).header(HeaderName::from_static("x-tracks"));
    let handler = async |all: Assignments| drop(all.get("delay").unwrap().to_string());
    let response = get(Router::new().route("/", on_get(handler)).layer(named), "/").await;
    assert_eq!(response.headers()["x-tracks"], "delay=on");
    assert!(exposed(&response).is_empty());
    assert!(
        read_all(layer(always("delay")).header(None))
            .await
            .is_empty()
    );
}

proptest! {
    #![proptest_config(crate::properties::config(256))]

    /// All legal names are written such that others read them back.
    #[test]
    fn others_read_what_is_written(
        set in "[a-z*][a-z0-9_.*-]{0,63}",
        track in "[A-Za-z0-9_.*-]{1,64}",
        phase in 1..u32::MAX,
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let sets = one(&set, &track, phase);
        let lines = runtime.block_on(read_all(layer(sets)));
        let dictionary: Dictionary = Parser::new(&lines.join(",")).parse().unwrap();
        let Some(ListEntry::Item(item)) = dictionary.get(set.as_str()) else {
            panic!("{set} is missing in {lines:?}");
        };
        let read = match &item.bare_item {
            BareItem::Token(token) => token.as_str(),
            BareItem::String(string) => string.as_str(),
            other => panic!("{other:?}"),
        };
        prop_assert_eq!(read, track);
        let read = item.params.get("phase").map_or(1, |phase| phase.as_integer().unwrap().into());
        prop_assert_eq!(read, i64::from(phase));
    }
}
