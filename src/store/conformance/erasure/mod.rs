//! Deleted facts: those of erased units, and those that are no longer needed.

mod erase;
mod facts;
mod merge;
mod retain;

pub use self::{
    erase::{
        an_erasure_deletes_up_to_its_time, erased_events_cannot_be_set_aside_again,
        erased_facts_cannot_be_written_again, the_key_of_an_erased_unit_needs_facts,
    },
    merge::merging_applies_the_erasures_of_the_other_store,
    retain::{
        retain_deletes_ended_phases, retain_keeps_conversions_of_linked_users,
        retain_keeps_former_names_of_running_phases,
    },
};
