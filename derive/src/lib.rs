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
/// The attributes `#[track_set(…)]` and `#[track(…)]` are listed at the trait
/// [`TrackSet`](https://docs.rs/tower-tracks/latest/tower_tracks/trait.TrackSet.html).
#[proc_macro_derive(TrackSet, attributes(track_set, track))]
pub fn derive_track_set(input: TokenStream) -> TokenStream {
    let input = parse_macro_input!(input as DeriveInput);
    expand::derive(&input).into()
}
