//! The derive macro of `tower-tracks`; it is used as `tower_tracks::TrackSet`.

mod ast;
mod attr;
mod case;
mod entry;
mod errors;
mod expand;
mod fallback;
mod name;
mod valid;
mod value;

use proc_macro::TokenStream;
use syn::{DeriveInput, parse_macro_input};

/// Makes an enum a typed set, whose variants are its tracks.
///
/// It implements the trait
/// [`TrackSet`](https://docs.rs/tower-tracks/latest/tower_tracks/trait.TrackSet.html). A `match`
/// over the enum is then exhaustive, and a misspelt track does not compile.
///
/// ```ignore
/// use tower_tracks::TrackSet;
///
/// #[derive(Clone, Copy, Debug, PartialEq, Eq, TrackSet)]
/// #[track_set(name = "pricing", weight = 1000, unit_kind = "user")]
/// enum Pricing {
///     #[track(control)]
///     Control,
///     Cheap,
///     #[track(name = "10-up", weight = 2)]
///     Expensive,
/// }
/// ```
///
/// # Attributes of the enum
///
/// * `#[track_set(name = "…")]`: the set's name. Defaults to the enum's name in snake case.
/// * `#[track_set(weight = 1000)]`: how often its group chooses the set, relative to the others,
///   from 0 to 2³². Defaults to 100.
/// * `#[track_set(salt = "…")]`: what is hashed in place of the name. Defaults to the name.
/// * `#[track_set(phase = 2)]`: the run of the test, from 1. Defaults to 1.
/// * `#[track_set(unit_kind = "user")]`: the kind of key. Defaults to `visitor`.
///
/// A share and eligibility are methods: `Pricing::track_set().share(0.1)`.
///
/// # Attributes of a variant
///
/// * `#[track(control)]`: this track changes nothing. Exactly one variant has it.
/// * `#[track(name = "…")]`: the track's name. Defaults to the variant's name in snake case.
/// * `#[track(weight = 3)]`: the weight among the tracks, from 0 to 2³². Defaults to 1.
///
/// # Errors
///
/// The macro refuses, at the place in the source: anything but an enum, generic parameters, fields
/// of a variant, no variant, no control or two, two tracks of one name, an invalid name, weight,
/// phase or salt, and a setting that is unknown or repeated. The message names
/// the correction.
#[proc_macro_derive(TrackSet, attributes(track_set, track))]
pub fn derive_track_set(input: TokenStream) -> TokenStream {
    let input = parse_macro_input!(input as DeriveInput);
    expand::derive(&input).into()
}
