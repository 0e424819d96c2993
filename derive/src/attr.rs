//! The helper attributes, as they are written.

use syn::{Attribute, Ident, LitInt, LitStr, Result};

use crate::{entry::Entry, errors::Errors};

const SET_SETTINGS: &str = "`name = \"…\"`, `formerly = \"…\"`, `weight = 1000`, `salt = \"…\"`, `phase = 2` or \
     `unit_kind = \"…\"`";
const TRACK_SETTINGS: &str = "`control`, `name = \"…\"` or `weight = 3`";

/// The attribute `#[track_set(…)]` of the enum.
#[derive(Default)]
pub(super) struct SetAttrs {
    pub(super) name: Option<LitStr>,
    /// The oldest name first.
    pub(super) formerly: Vec<LitStr>,
    pub(super) weight: Option<LitInt>,
    pub(super) salt: Option<LitStr>,
    pub(super) phase: Option<LitInt>,
    pub(super) unit_kind: Option<LitStr>,
}

/// The attribute `#[track(…)]` of a variant.
#[derive(Default)]
pub(super) struct TrackAttrs {
    pub(super) control: Option<Ident>,
    pub(super) name: Option<LitStr>,
    pub(super) weight: Option<LitInt>,
    /// Whether some of it could not be read; it may have been the control.
    pub(super) unread: bool,
}

impl SetAttrs {
    pub(super) fn read(attrs: &[Attribute], errors: &mut Errors) -> Self {
        let mut set = Self::default();
        for attr in attrs {
            if attr.path().is_ident("track_set") {
                for entry in Entry::read_all(attr, SET_SETTINGS) {
                    let read = entry.and_then(|entry| set.read_entry(entry));
                    read.unwrap_or_else(|error| errors.push(error));
                }
            } else if attr.path().is_ident("track") {
                // The compiler accepts both attributes in both places, so a misplaced one would have no
                // effect.
                errors.at(attr, "`track` is for variants: write `#[track_set(…)]`");
            }
        }
        set
    }

    fn read_entry(&mut self, entry: Entry) -> Result<()> {
        match entry.key().as_str() {
            "name" => entry.string(&mut self.name, "pricing"),
            "formerly" => {
                let mut former = None;
                entry.string(&mut former, "prices")?;
                self.formerly.extend(former);
                Ok(())
            }
            "weight" => entry.number(&mut self.weight, 1000),
            "salt" => entry.string(&mut self.salt, "pricing"),
            "phase" => entry.number(&mut self.phase, 2),
            "unit_kind" => entry.string(&mut self.unit_kind, "user"),
            method @ ("share" | "eligible" | "segment") => {
                let method =
                    format!("{SET_SETTINGS}; `{method}` is a method, `::track_set().{method}(…)`");
                Err(entry.unknown(&method))
            }
            _ => Err(entry.unknown(SET_SETTINGS)),
        }
    }
}

impl TrackAttrs {
    pub(super) fn read(attrs: &[Attribute], errors: &mut Errors) -> Self {
        let mut track = Self::default();
        for attr in attrs {
            if attr.path().is_ident("track") {
                for entry in Entry::read_all(attr, TRACK_SETTINGS) {
                    let read = entry.and_then(|entry| track.read_entry(entry));
                    read.unwrap_or_else(|error| track.refuse(error, errors));
                }
            } else if attr.path().is_ident("track_set") {
                let message = "`track_set` is for the enum: write `#[track(…)]`";
                track.refuse(syn::Error::new_spanned(attr, message), errors);
            }
        }
        track
    }

    fn read_entry(&mut self, entry: Entry) -> Result<()> {
        match entry.key().as_str() {
            "control" => entry.flag(&mut self.control),
            "name" => entry.string(&mut self.name, "ten-off"),
            "weight" => entry.number(&mut self.weight, 3),
            _ => Err(entry.unknown(TRACK_SETTINGS)),
        }
    }

    fn refuse(&mut self, error: syn::Error, errors: &mut Errors) {
        self.unread = true;
        errors.push(error);
    }
}
