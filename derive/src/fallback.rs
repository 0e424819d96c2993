//! What is generated on an error: the implementation still exists, so that nothing but the
//! error itself is reported.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{DeriveInput, Error, Generics};

use crate::expand::call_site_ident;

pub(super) fn expand(node: &DeriveInput, error: &Error) -> TokenStream {
    let error = error.to_compile_error();
    let ident = call_site_ident(&node.ident);
    let (impl_generics, ty_generics, _) = node.generics.split_for_impl();
    let bounds = bounds(node);
    // Nothing of it is ever run, because the error ends the compilation.
    quote! {
        #error

        #[allow(unused_qualifications)]
        #[automatically_derived]
        impl #impl_generics ::tower_tracks::TrackSet for #ident #ty_generics #bounds {
            const NAME: &'static ::core::primitive::str = "";

            fn track_set() -> ::tower_tracks::assign::TypedTrackSet<Self> {
                ::core::unreachable!()
            }

            fn control() -> Self {
                ::core::unreachable!()
            }
        }
    }
}

/// Where there are parameters, asks for the trait's own bounds, which these do not meet by
/// themselves; without them, a bound that is not met is an error of its own.
fn bounds(node: &DeriveInput) -> TokenStream {
    let Generics {
        params,
        where_clause,
        ..
    } = &node.generics;
    if params.is_empty() {
        return quote!(#where_clause);
    }
    let predicates = where_clause.iter().flat_map(|clause| &clause.predicates);
    quote! {
        where
            #(#predicates,)*
            Self: ::core::clone::Clone + ::core::marker::Send + ::core::marker::Sync + 'static
    }
}
