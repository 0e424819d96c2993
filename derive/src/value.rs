//! The rules of single values; each returns what is written, and adds what is wrong with it.

use syn::{Ident, LitInt, LitStr};

use crate::{
    case::snake,
    errors::Errors,
    name::{SET_RULE, TRACK_RULE, before_phase, is_set_name, is_track_name},
};

/// The largest weight that `tower_tracks` takes.
const HEAVIEST: u64 = 1 << 32;

/// What has a name that defaults to an identifier.
pub(super) struct Named {
    what: &'static str,
    attribute: &'static str,
    rule: &'static str,
    is_legal: fn(&str) -> bool,
}

pub(super) const SET: Named = Named {
    what: "a set",
    attribute: "track_set",
    rule: SET_RULE,
    is_legal: is_set_name,
};

pub(super) const TRACK: Named = Named {
    what: "a track",
    attribute: "track",
    rule: TRACK_RULE,
    is_legal: is_track_name,
};

/// Returns the name that is written, else the identifier in snake case.
pub(super) fn name(
    written: Option<&LitStr>,
    ident: &Ident,
    named: Named,
    errors: &mut Errors,
) -> String {
    let (name, default) = match written {
        Some(written) => (written.value(), false),
        None => (snake(ident), true),
    };
    if !(named.is_legal)(&name) {
        let message = named.refuse(&name, default);
        match written {
            Some(written) => errors.at(written, message),
            None => errors.at(ident, message),
        }
    }
    name
}

impl Named {
    fn refuse(&self, name: &str, default: bool) -> String {
        let Self {
            what,
            attribute,
            rule,
            ..
        } = self;
        match default {
            false => format!("{what} cannot be called {name:?}: write {rule}"),
            true => format!(
                "{what} cannot be called {name:?}, as it is by default: \
                 write `#[{attribute}(name = \"…\")]` with {rule}"
            ),
        }
    }
}

/// Returns the former names of a set, which must differ from its name and from each other.
pub(super) fn former_names(written: &[LitStr], name: &str, errors: &mut Errors) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for former in written {
        let value = former.value();
        if !is_set_name(&value) {
            errors.at(former, SET.refuse(&value, false));
        } else if value == name {
            errors.at(former, "the former name is the name of the set: remove it");
        } else if names.contains(&value) {
            errors.at(former, "the former name is given twice: remove one of them");
        }
        names.push(value);
    }
    names
}

pub(super) fn unit_kind(written: Option<&LitStr>, errors: &mut Errors) -> Option<String> {
    let unit = written?.value();
    if !is_set_name(&unit) {
        let message = format!("a unit cannot be called {unit:?}: write {SET_RULE}");
        errors.at(written, message);
    }
    Some(unit)
}

pub(super) fn weight(written: Option<&LitInt>, errors: &mut Errors) -> Option<u64> {
    // A number beyond 64 bits is too large as well, so both errors have one message.
    let weight = written?.base10_parse().ok();
    let weight = weight.filter(|weight| *weight <= HEAVIEST);
    if weight.is_none() {
        let message = "a weight is from 0 to 2^32: write `weight = 4294967296` or less";
        errors.at(written, message);
    }
    weight
}

pub(super) fn phase(written: Option<&LitInt>, errors: &mut Errors) -> Option<u32> {
    let phase = written?.base10_parse().ok().filter(|phase| *phase > 0);
    if phase.is_none() {
        let message = "a phase is from 1 to 4294967295: write `phase = 1` for the first";
        errors.at(written, message);
    }
    phase
}

pub(super) fn salt(written: Option<&LitStr>, errors: &mut Errors) -> Option<String> {
    let salt = written?.value();
    if let Some(before) = before_phase(&salt) {
        let message = format!(
            "a salt cannot end in `@` and digits, as those of later phases do: \
             write `salt = {before:?}`, and `phase = 2` for a new phase"
        );
        errors.at(written, message);
    }
    Some(salt)
}
