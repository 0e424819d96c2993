//! The keys of a visitor, as a program says that the application trusts.

use crate::{
    assign::Key,
    middleware::{
        key::{Origin, RequestKey},
        screening::Treatment,
        settings::Settings,
    },
};

use super::few::Few;

/// The keys of a visitor by their kinds, for a request of another program.
#[derive(Debug)]
pub(crate) struct ToldKeys(pub(crate) Vec<(String, Key<'static>)>);

impl ToldKeys {
    /// Returns the keys by the units of a layer. What is not told has no key: the cookies of the request are those of the
    /// program.
    pub(crate) fn keys(
        &self,
        settings: &Settings,
        treatment: Treatment,
    ) -> Few<Option<RequestKey>> {
        let units = &settings.keys.units;
        Few::from_fn(units.len(), |index| {
            let unit = units.get(index)?;
            if matches!(treatment, Treatment::Excluded(_)) {
                return None;
            }
            let mut told = self.0.iter();
            let (_, key) = told.find(|(kind, _)| *kind == unit.name)?;
            Some(RequestKey {
                key: key.clone(),
                origin: Origin::Given,
                is_former: false,
            })
        })
    }
}
