//! The sets of a layer as flags, with the values of their tracks as JSON.

use std::sync::Arc;

use serde::Serialize;
use serde_json::Value;

use super::{error::OfrepError, receipts::SetId};
use crate::{
    assign::{Set, Track},
    middleware::{Evaluator, Place},
};

/// A set that clients may ask for.
#[derive(Clone)]
pub(super) struct Flag {
    pub(super) place: Place,
    pub(super) set: Arc<Set>,
    /// What the tracks carry, in their order; `None` if their names are the values.
    values: Option<Vec<Option<Value>>>,
    /// Whether browsers may ask for it.
    is_public: bool,
}

/// All flags of a layer, and the sets that receipts may name.
#[derive(Clone)]
pub(super) struct Flags {
    pub(super) flags: Vec<Flag>,
    /// Of all sets, since a reading is an exposure to holdouts as well.
    ids: Vec<(SetId, Place, Arc<Set>)>,
}

impl Flags {
    pub(super) fn new(evaluator: &Evaluator) -> Self {
        let flags = evaluator.flags().map(|(place, set)| Flag {
            place,
            set: Arc::clone(set),
            values: None,
            is_public: true,
        });
        let ids = evaluator.all();
        let ids = ids.map(|(place, set)| (SetId::of(set), place, Arc::clone(set)));
        Self {
            flags: flags.collect(),
            ids: ids.collect(),
        }
    }

    /// Lets browsers ask for these sets alone, by their names or former ones. Returns a name that no set has.
    pub(super) fn publish<'n>(&mut self, names: &'n [String]) -> Option<&'n str> {
        for flag in &mut self.flags {
            flag.is_public = names.iter().any(|name| flag.set.is_named(name));
        }
        let mut names = names.iter().map(String::as_str);
        names.find(|name| !self.flags.iter().any(|flag| flag.set.is_named(name)))
    }

    /// Sends what tracks carry of this type.
    pub(super) fn send<T: Serialize + 'static>(&mut self) -> Result<(), OfrepError> {
        let carrying = self.flags.iter_mut().filter(|flag| flag.set.carries::<T>());
        let mut is_carried = false;
        for flag in carrying {
            is_carried = true;
            let tracks = flag.set.tracks();
            let values = flag.values.get_or_insert_with(|| vec![None; tracks.len()]);
            for (track, value) in tracks.iter().zip(values) {
                if let Some(carried) = track.carried::<T>() {
                    *value = Some(sent(&flag.set, track, carried)?);
                }
            }
        }
        match is_carried {
            true => Ok(()),
            false => Err(OfrepError::uncarried::<T>()),
        }
    }

    /// Returns the flags that a caller may ask for.
    pub(super) fn of(&self, is_service: bool) -> impl Iterator<Item = &Flag> + Clone {
        let flags = self.flags.iter();
        flags.filter(move |flag| is_service || flag.is_public)
    }

    /// Returns the flag of a set, by its name or a former one, if the caller may ask for it.
    pub(super) fn find(&self, name: &str, is_service: bool) -> Option<&Flag> {
        let mut flags = self.of(is_service);
        let same = flags.clone().find(|flag| flag.set.name() == name);
        same.or_else(|| flags.find(|flag| flag.set.is_named(name)))
    }

    /// Returns the id by which receipts name a set.
    pub(super) fn id(&self, place: Place) -> Option<SetId> {
        let mut ids = self.ids.iter();
        ids.find(|(_, of, _)| *of == place).map(|(id, ..)| *id)
    }

    /// Returns the set that a receipt names.
    pub(super) fn of_id(&self, id: SetId) -> Option<(Place, &Set)> {
        let mut ids = self.ids.iter();
        let (_, place, set) = ids.find(|(of, ..)| *of == id)?;
        Some((*place, set))
    }

    /// Returns the kinds of keys that the sets need, each once.
    pub(super) fn kinds(&self) -> Vec<&str> {
        let mut kinds: Vec<&str> = self.ids.iter().map(|(.., set)| set.unit_kind()).collect();
        kinds.sort_unstable();
        kinds.dedup();
        kinds
    }
}

impl Flag {
    /// Returns the names under which clients may know it, the present one first. A page that was loaded before a set was
    /// renamed asks for the former name.
    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        let former = self.set.former_names().iter().map(String::as_str);
        std::iter::once(self.set.name()).chain(former)
    }

    /// Returns the value of a track; `None` if the client is to use the default of its code.
    pub(super) fn value(&self, track: &str) -> Option<Value> {
        match &self.values {
            None => Some(Value::from(track)),
            Some(values) => {
                let mut tracks = self.set.tracks().iter();
                let index = tracks.position(|one| one.name() == track)?;
                values.get(index)?.clone()
            }
        }
    }
}

/// Returns a value as JSON, if the protocol has it.
fn sent(set: &Set, track: &Track, carried: &impl Serialize) -> Result<Value, OfrepError> {
    let error = |what: String| OfrepError::value(set.name(), track.name(), what);
    match serde_json::to_value(carried) {
        Ok(Value::Null) => Err(error("is null as JSON".to_owned())),
        Ok(Value::Array(_)) => Err(error("is a list as JSON".to_owned())),
        Ok(value) => Ok(value),
        Err(cause) => Err(error(format!("cannot be written as JSON ({cause})"))),
    }
}
