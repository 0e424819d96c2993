//! The same behind a pooler between transactions.

use tower_tracks::store::Store;

use super::{
    super::{pooled::pooler, schema::Schema},
    Broken, COMMIT, bounded,
    recording::Told,
    returned::leaves_no_settings,
};
use crate::wire::{Fault, Way};

#[test]
fn events_are_written_after_a_connection_dies_inside_a_transaction() {
    let (Some(schema), Some(uri)) = (Schema::new(), pooler()) else {
        return;
    };
    let broken = Broken::before(&schema, &uri, 3);
    let mut told = Told::new(&broken.store);
    for (faults, text) in (1..).zip(["INSERT INTO exposure", COMMIT]) {
        let swallow = Fault::Swallow(Way::Both);
        broken.wire.strike_at(text, swallow);
        told.tell(100);
        broken.wire.wait_for_faults(faults);
        told.is_stored(&schema, text);
    }
    bounded(|| broken.store.phases()).unwrap();
}

#[test]
fn limits_end_with_their_transaction() {
    let (Some(schema), Some(uri)) = (Schema::new(), pooler()) else {
        return;
    };
    leaves_no_settings(&schema, &uri);
}
