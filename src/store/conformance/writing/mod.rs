//! Batches: which rows stay, how they are counted, and what is refused.

mod empty;
mod facts;
mod merging;
mod names;
mod sums;

pub use self::{
    empty::an_empty_batch_writes_nothing,
    merging::{
        an_event_that_was_set_aside_is_kept_once, repetitions_count_as_known,
        the_earliest_conversion_stays, the_earliest_exposure_stays,
    },
    names::{
        a_row_with_an_unlisted_goal_is_refused, goals_are_sorted, goals_have_conversions_or_losses,
        names_without_rows_are_listed, the_first_kind_of_a_phase_stays, valid_rows_are_not_invalid,
    },
    sums::{
        a_latency_without_a_bin_is_refused, the_larger_latencies_of_a_writer_stay,
        the_larger_losses_of_a_writer_stay, the_larger_sums_of_a_writer_stay,
    },
};
