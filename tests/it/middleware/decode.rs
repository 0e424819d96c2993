//! What the layer writes is read back.

use axum::{Router, routing::get as on_get};
use proptest::prelude::*;
use tower_tracks::{
    Assignments, Exposure, SimpleTrackSet, TracksLayer,
    header::{Exposed, decode},
};

use crate::support::{Observed, exposed, get, layer};

/// A set's name, its track's, and its phase.
type Names = (String, String, u32);

fn names() -> impl Strategy<Value = Vec<Names>> {
    let (set, track) = ("[a-z*][a-z0-9_.*-]{0,63}", "[A-Za-z0-9_.*-]{1,64}");
    let one = (set, track, 1..u32::MAX);
    prop::collection::vec(one, 1..5).prop_filter("two sets have one name", |names| {
        let all: std::collections::HashSet<_> = names.iter().map(|(set, ..)| set).collect();
        all.len() == names.len()
    })
}

fn of(names: &[Names], observed: &Observed) -> TracksLayer {
    let one = |(set, track, phase): &Names| {
        let set = SimpleTrackSet::new(set).without_control().track(track, ());
        set.phase(*phase).build().unwrap()
    };
    let first = layer(one(&names[0])).observe(observed.clone());
    let layer = names[1..].iter();
    layer.fold(first, |layer, set| layer.and(one(set)).unwrap())
}

/// Returns the reported exposures and the header.
fn read_all(layer: TracksLayer, observed: &Observed) -> (Vec<Exposure>, Vec<Exposed>) {
    let runtime = tokio::runtime::Builder::new_current_thread().build();
    let handler = async |all: Assignments| all.iter().for_each(|one| drop(one.to_string()));
    let app: Router = Router::new().route("/", on_get(handler)).layer(layer);
    let response = runtime.unwrap().block_on(get(app, "/"));
    let lines = exposed(&response).join(", ");
    (observed.take(), decode(&lines).unwrap())
}

#[track_caller]
fn check(told: &[Exposure], read: &[Exposed]) {
    assert_eq!(told.len(), read.len());
    for (told, read) in told.iter().zip(read) {
        assert_eq!((told.set(), told.track()), (&*read.set, &*read.track));
        assert_eq!(told.choice().phase(), Some(read.phase));
        assert_eq!(
            (told.run_id(), false, None),
            (read.run_id, read.forced, read.unit)
        );
    }
}

proptest! {
    #![proptest_config(crate::properties::config(256))]

    #[test]
    fn decode_reads_the_header_of_the_layer(names in names(), run_ids in any::<bool>()) {
        let observed = Observed::default();
        let layer = of(&names, &observed);
        let layer = if run_ids { layer.run_ids() } else { layer };
        let (told, read) = read_all(layer, &observed);
        prop_assert_eq!(read.len(), names.len());
        prop_assert!(read.iter().all(|exposed| exposed.run_id.is_some() == run_ids));
        check(&told, &read);
    }
}
