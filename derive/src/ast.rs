//! The enum and its variants, as they are written.

use syn::{Data, DataEnum, DeriveInput, Error, Fields, Generics, Ident, Result};

use crate::{
    attr::{SetAttrs, TrackAttrs},
    errors::Errors,
};

pub(super) struct Enum<'a> {
    pub(super) ident: &'a Ident,
    pub(super) generics: &'a Generics,
    pub(super) attrs: SetAttrs,
    pub(super) variants: Vec<Variant<'a>>,
}

pub(super) struct Variant<'a> {
    pub(super) ident: &'a Ident,
    pub(super) fields: &'a Fields,
    pub(super) attrs: TrackAttrs,
}

impl<'a> Enum<'a> {
    /// Reads an enum; a setting that cannot be read is left out and added to `errors`.
    pub(super) fn from_syn(node: &'a DeriveInput, errors: &mut Errors) -> Result<Self> {
        let data = data_enum(node)?;
        let attrs = SetAttrs::read(&node.attrs, errors);
        let variants = data.variants.iter().map(|variant| Variant {
            ident: &variant.ident,
            fields: &variant.fields,
            attrs: TrackAttrs::read(&variant.attrs, errors),
        });
        Ok(Self {
            ident: &node.ident,
            generics: &node.generics,
            attrs,
            variants: variants.collect(),
        })
    }
}

fn data_enum(node: &DeriveInput) -> Result<&DataEnum> {
    let span = match &node.data {
        Data::Enum(data) => return Ok(data),
        Data::Struct(data) => data.struct_token.span,
        Data::Union(data) => data.union_token.span,
    };
    let message = format!(
        "a typed set is an enum: write `enum {}` with a variant for each track",
        node.ident
    );
    Err(Error::new(span, message))
}
