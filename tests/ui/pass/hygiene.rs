//! Raw identifiers, and names that shadow what the generated code could have meant.
#![deny(warnings)]
#![allow(non_camel_case_types, dead_code)]
// Those of this crate, which are not what is tested.
#![allow(missing_docs, missing_debug_implementations, unreachable_pub)]
#![allow(
    clippy::unwrap_used,
    clippy::new_ret_no_self,
    clippy::upper_case_acronyms
)]

mod shadows {
    pub struct str;
    pub struct u32;
    pub struct Vec;
    pub struct Option;
    pub struct String;
    pub mod core {}
    pub mod std {}
    pub mod tower_tracks {}

    /// Methods of the names that the definitions have.
    pub trait Methods: Sized {
        fn weight(self, _: ()) {}
        fn control(self, _: ()) {}
        fn salt(self, _: ()) {}
        fn new() {}
    }
    impl<T> Methods for T {}

    #[derive(Clone, ::tower_tracks::TrackSet)]
    #[track_set(weight = 1, salt = "shadowed", phase = 1, unit_kind = "user")]
    pub enum TypedTrackSet {
        #[track(control, weight = 1)]
        New,
        TypedTrack,
        Some,
        None,
        Ok,
        NAME,
        track_set,
        control,
    }
}

#[derive(Clone, Debug, PartialEq, tower_tracks::TrackSet)]
enum r#type {
    #[track(control)]
    r#match,
    r#async,
}

fn main() {
    use tower_tracks::TrackSet;

    assert_eq!(r#type::NAME, "type");
    assert_eq!(r#type::control(), r#type::r#match);
    let group = r#type::track_set().build().unwrap();
    let set = group.sets().next().unwrap();
    let names: Vec<&str> = set.tracks().iter().map(|track| track.name()).collect();
    assert_eq!(names, ["match", "async"]);

    assert_eq!(
        <shadows::TypedTrackSet as TrackSet>::NAME,
        "typed_track_set"
    );
    <shadows::TypedTrackSet as TrackSet>::track_set()
        .build()
        .unwrap();
}
