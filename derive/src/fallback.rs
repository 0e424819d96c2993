//! What is generated on an error: the implementation still exists, so that nothing but the
//! error itself is reported.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{DeriveInput, Error};

use crate::expand::call_site_ident;

pub(super) fn expand(node: &DeriveInput, error: &Error) -> TokenStream {
    let error = error.to_compile_error();
    let ident = call_site_ident(&node.ident);
    let (impl_generics, ty_generics, _) = node.generics.split_for_impl();
    let bounds = bounds(node);
    quote! {
        #error

        #[allow(unused_qualifications)]
        #[automatically_derived]
        impl #impl_generics ::tower_tracks::TrackSet for #ident #ty_generics #bounds {
            const NAME: &'static ::core::primitive::str = "";

            fn track_set() -> ::tower_tracks::TypedTrackSet<Self> {
                ::core::unreachable!()
            }

            fn control() -> Self {
                ::core::unreachable!()
            }
        }
    }
}

/// Asks for the trait's own bounds, so that one missing is no second error here; the `for`
/// is needed where there are no parameters, since trivial bounds are unstable:
/// <https://github.com/rust-lang/rust/issues/48214>.
fn bounds(node: &DeriveInput) -> TokenStream {
    let predicates = node
        .generics
        .where_clause
        .iter()
        .flat_map(|clause| &clause.predicates);
    quote! {
        where
            #(#predicates,)*
            for<'workaround> Self: ::core::clone::Clone
                + ::core::marker::Send
                + ::core::marker::Sync
                + 'static
    }
}
