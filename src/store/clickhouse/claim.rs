//! The claim of a store for one scheme of units. The first row stays.

use std::{thread, time::Duration};

use crate::store::{claim::other_units, error::StoreError};

use super::{
    migrate::{get, put},
    place::Place,
};

/// The key of the table `meta`.
const UNITS: &str = "units";

/// How long a new claim waits for one that was made at the same time.
const PAUSE: Duration = Duration::from_millis(100);

pub(super) fn claim(place: &Place, units: &str) -> Result<(), StoreError> {
    if place.state.known().units.as_deref() == Some(units) {
        return Ok(());
    }
    let claimed = match get(place, UNITS)? {
        Some(claimed) => Some(claimed),
        None => {
            put(place, UNITS, units)?;
            // The row of another program may have an earlier time, and become visible later.
            thread::sleep(PAUSE);
            get(place, UNITS)?
        }
    };
    match claimed.as_deref() == Some(units) {
        true => {
            place.state.known().units = claimed;
            Ok(())
        }
        false => Err(other_units()),
    }
}

pub(super) fn claimed(place: &Place) -> Result<Option<String>, StoreError> {
    get(place, UNITS)
}
