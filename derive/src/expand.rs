//! The code that is generated.

use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;
use syn::{DeriveInput, Result};

use crate::{
    ast::Enum,
    errors::Errors,
    fallback,
    valid::{Set, Track},
};

pub(super) fn derive(node: &DeriveInput) -> TokenStream {
    try_derive(node).unwrap_or_else(|error| fallback::expand(node, &error))
}

fn try_derive(node: &DeriveInput) -> Result<TokenStream> {
    let mut errors = Errors::default();
    let input = Enum::from_syn(node, &mut errors)?;
    let set = Set::check(&input, &mut errors);
    errors.finish()?;
    Ok(expand(&set))
}

fn expand(set: &Set<'_>) -> TokenStream {
    let ident = call_site_ident(set.ident);
    let name = &set.name;
    let tracks = set.tracks.iter().map(expand_track);
    let settings = expand_settings(set);
    let controls = set.tracks.iter().filter(|track| track.control);
    // It is exactly one: `Set::check` has reported any other number.
    let control = controls.map(|track| track.ident);
    // The paths are absolute, because the module of the enum may have a `core` or a `str` of its own.
    quote! {
        #[allow(deprecated, unused_qualifications)]
        #[automatically_derived]
        impl ::tower_tracks::TrackSet for #ident {
            const NAME: &'static ::core::primitive::str = #name;

            fn track_set() -> ::tower_tracks::assign::TypedTrackSet<Self> {
                ::tower_tracks::assign::TypedTrackSet::new(#name, [#(#tracks),*]) #settings
            }

            fn control() -> Self {
                #(Self::#control)*
            }
        }
    }
}

fn expand_track(track: &Track<'_>) -> TokenStream {
    let Track { ident, name, .. } = track;
    let weight = track.weight.map(|weight| quote!(.weight(#weight)));
    let control = track.control.then(|| quote!(.control()));
    quote!(::tower_tracks::assign::TypedTrack::new(#name, Self::#ident) #weight #control)
}

fn expand_settings(set: &Set<'_>) -> TokenStream {
    let formers = set.former_names.iter();
    let formers = formers.map(|former| quote!(.formerly(#former)));
    let weight = set.weight.map(|weight| quote!(.weight(#weight)));
    let salt = set.salt.as_ref().map(|salt| quote!(.salt(#salt)));
    let phase = set.phase.map(|phase| quote!(.phase(#phase)));
    let unit = set.unit_kind.as_ref().map(|kind| quote!(.unit_kind(#kind)));
    quote!(#(#formers)* #weight #salt #phase #unit)
}

/// Marks the identifier as generated, so that lints leave the generated code alone.
pub(super) fn call_site_ident(ident: &Ident) -> Ident {
    let mut ident = ident.clone();
    ident.set_span(ident.span().resolved_at(Span::call_site()));
    ident
}
