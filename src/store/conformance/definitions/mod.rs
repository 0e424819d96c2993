//! Definitions and plans under which units were exposed.

mod exposures;
mod facts;
mod merging;
mod plans;
mod refused;

pub use self::{
    exposures::{
        the_earliest_exposure_keeps_its_definition, ties_are_decided_by_fingerprint_and_segment,
    },
    merging::{
        a_definition_without_json_is_dumped, the_earliest_definition_stays,
        the_json_of_a_definition_may_come_later,
    },
    plans::{long_plans_are_kept, plans_are_a_log},
    refused::{
        a_definition_of_another_phase_is_refused, a_row_with_an_unlisted_definition_is_refused,
        a_row_with_an_unlisted_phase_is_refused, a_row_with_an_unlisted_segment_is_refused,
    },
};
