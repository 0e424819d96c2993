//! What is written, checked; the default names are put in.

use std::collections::HashSet;

use quote::ToTokens;
use syn::{Fields, Ident};

use crate::{
    ast::{Enum, Variant},
    errors::Errors,
    value,
};

/// A set that is right where no error was found.
pub(super) struct Set<'a> {
    pub(super) ident: &'a Ident,
    pub(super) name: String,
    pub(super) former_names: Vec<String>,
    pub(super) weight: Option<u64>,
    pub(super) salt: Option<String>,
    pub(super) phase: Option<u32>,
    pub(super) unit_kind: Option<String>,
    pub(super) tracks: Vec<Track<'a>>,
}

pub(super) struct Track<'a> {
    pub(super) ident: &'a Ident,
    pub(super) name: String,
    pub(super) weight: Option<u64>,
    pub(super) control: bool,
}

impl<'a> Set<'a> {
    /// Checks an enum; whatever is wrong with it is added to `errors`.
    pub(super) fn check(input: &Enum<'a>, errors: &mut Errors) -> Self {
        check_generics(input, errors);
        let attrs = &input.attrs;
        let name = value::name(attrs.name.as_ref(), input.ident, value::SET, errors);
        let set = Self {
            ident: input.ident,
            former_names: value::former_names(&attrs.formerly, &name, errors),
            name,
            weight: value::weight(attrs.weight.as_ref(), errors),
            salt: value::salt(attrs.salt.as_ref(), errors),
            phase: value::phase(attrs.phase.as_ref(), errors),
            unit_kind: value::unit_kind(attrs.unit_kind.as_ref(), errors),
            tracks: check_tracks(&input.variants, errors),
        };
        check_control(input, errors);
        check_weights(&set, input, errors);
        set
    }
}

impl<'a> Track<'a> {
    fn check(variant: &Variant<'a>, errors: &mut Errors) -> Self {
        check_fields(variant, errors);
        let Variant { ident, attrs, .. } = variant;
        Self {
            ident,
            name: value::name(attrs.name.as_ref(), ident, value::TRACK, errors),
            weight: value::weight(attrs.weight.as_ref(), errors),
            control: attrs.control.is_some(),
        }
    }
}

fn check_generics(input: &Enum<'_>, errors: &mut Errors) {
    if !input.generics.params.is_empty() {
        let message = format!(
            "a typed set has no parameters: write `enum {}` without `<…>`",
            input.ident
        );
        errors.at(input.generics, message);
    }
}

fn check_fields(variant: &Variant<'_>, errors: &mut Errors) {
    if !matches!(variant.fields, Fields::Unit) {
        let message = format!(
            "a track has no fields: write `{}` alone, and what belongs to it where it is matched",
            variant.ident
        );
        errors.at(variant.fields, message);
    }
}

fn check_tracks<'a>(variants: &[Variant<'a>], errors: &mut Errors) -> Vec<Track<'a>> {
    let mut names = HashSet::new();
    let mut tracks = Vec::new();
    for variant in variants {
        let track = Track::check(variant, errors);
        if !names.insert(track.name.clone()) {
            let message = format!(
                "two tracks have the name `{}`: write `#[track(name = \"…\")]` with another",
                track.name
            );
            errors.at(place_of_name(variant), message);
        }
        tracks.push(track);
    }
    tracks
}

fn place_of_name(variant: &Variant<'_>) -> impl ToTokens {
    match &variant.attrs.name {
        Some(name) => name.to_token_stream(),
        None => variant.ident.to_token_stream(),
    }
}

fn check_control(input: &Enum<'_>, errors: &mut Errors) {
    let mut controls = input
        .variants
        .iter()
        .filter_map(|variant| Some((variant.ident, variant.attrs.control.as_ref()?)));
    match controls.next() {
        Some((first, _)) => {
            let message = format!("a set has one control: remove this one, or that of `{first}`");
            controls.for_each(|(_, second)| errors.at(second, &message));
        }
        None => check_no_control(input, errors),
    }
}

fn check_no_control(input: &Enum<'_>, errors: &mut Errors) {
    let message = "a set needs tracks: write a variant for each, \
                   and `#[track(control)]` on the one that changes nothing";
    if input.variants.is_empty() {
        errors.at(input.ident, message);
    } else if !input.variants.iter().any(|variant| variant.attrs.unread) {
        let message = "a set needs a control: mark one variant `#[track(control)]`, \
                       the one that changes nothing";
        errors.at(input.ident, message);
    }
}

fn check_weights(set: &Set<'_>, input: &Enum<'_>, errors: &mut Errors) {
    if set.tracks.iter().all(|track| track.weight == Some(0))
        && let Some(first) = input.variants.first()
    {
        let message = "all tracks have the weight 0, so that none is ever chosen: \
                       write another weight for one of them, `weight = 1`";
        // All weights are 0, which is not the default, so that of the first is written in the source.
        errors.at(&first.attrs.weight, message);
    }
}
