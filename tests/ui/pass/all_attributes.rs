#![forbid(unsafe_code)]
#![deny(missing_docs, warnings, unused_qualifications, clippy::all)]
#![allow(clippy::unwrap_used)]

//! Every attribute, in a crate with strict lints.

use tower_tracks::TrackSet;

/// A set with every setting.
#[derive(Clone, Copy, Debug, PartialEq, Eq, TrackSet)]
#[track_set(
    name = "pricing-v2",
    weight = 1_000,
    salt = "Größe",
    phase = 2,
    unit_kind = "user"
)]
pub enum Pricing {
    /// The second in the enum.
    TenOff,
    /// The one that changes nothing.
    #[track(control, name = "as-ever")]
    Control,
    /// With a weight and a name that is no identifier.
    #[track(name = "10-up", weight = 0x3)]
    #[deprecated]
    TenUp,
}

/// A set of defaults.
#[derive(Clone, Debug, PartialEq, Eq, TrackSet)]
#[track_set()]
pub enum HTTPFast {
    /// The one that changes nothing.
    #[track(control)]
    V1 = 7,
    /// Settings in two attributes.
    #[track(weight = 4294967296)]
    #[track(name = "V2")]
    V2,
}

macro_rules! set {
    ($name:literal, $weight:expr) => {
        /// A set whose settings come from a macro.
        #[derive(Clone, Debug, TrackSet)]
        #[track_set(name = $name, weight = $weight)]
        pub enum FromMacro {
            /// The only one.
            #[track(control, name = $name)]
            A,
        }
    };
}

set!("from-macro", 2);

fn main() -> Result<(), tower_tracks::DefinitionError> {
    assert_eq!(Pricing::NAME, "pricing-v2");
    assert_eq!(Pricing::control(), Pricing::Control);
    let group = Pricing::track_set().build()?;
    let set = group.sets().next().unwrap();
    let tracks: Vec<_> = set
        .tracks()
        .iter()
        .map(|t| (t.name(), t.weight(), t.is_control()))
        .collect();
    assert_eq!(
        tracks,
        [
            ("as-ever", 1, true),
            ("ten_off", 1, false),
            ("10-up", 3, false)
        ]
    );
    assert_eq!(
        (
            set.name(),
            set.weight(),
            set.salt(),
            set.phase(),
            set.unit_kind()
        ),
        ("pricing-v2", 1000, "Größe", 2, "user")
    );

    assert_eq!(HTTPFast::NAME, "http_fast");
    assert_eq!(HTTPFast::control(), HTTPFast::V1);
    let group = HTTPFast::track_set().build()?;
    let set = group.sets().next().unwrap();
    let tracks: Vec<_> = set
        .tracks()
        .iter()
        .map(|t| (t.name(), t.weight(), t.is_control()))
        .collect();
    assert_eq!(tracks, [("v1", 1, true), ("V2", 4294967296, false)]);
    assert_eq!(
        (
            set.name(),
            set.weight(),
            set.salt(),
            set.phase(),
            set.unit_kind()
        ),
        ("http_fast", 100, "http_fast", 1, "visitor")
    );

    let group = FromMacro::track_set().build()?;
    let set = group.sets().next().unwrap();
    assert_eq!((set.name(), set.weight()), ("from-macro", 2));
    assert_eq!(set.tracks()[0].name(), "from-macro");
    Ok(())
}
