//! Attribution, as computed by hand.
//!
//! [`store_conformance!`](super::store_conformance) runs each case twice: on an empty store, and after
//! [`add_strangers`].

mod aliases;
mod cohorts;
mod days;
mod facts;
mod left_out;
mod refunds;
mod renamed;
mod strangers;
mod values;
mod windows;

pub use self::{
    aliases::{
        a_conversion_of_visitor_and_user_counts_once, aliases_apply_to_sets_by_visitor_alone,
        conversions_of_a_user_count_for_the_latest_visitor,
    },
    cohorts::{
        a_goal_without_conversions_has_zeros, an_unknown_phase_has_no_attribution,
        each_segment_has_a_cohort, each_side_of_the_coin_has_a_cohort,
        exposures_belong_to_their_definition, units_in_two_tracks_have_a_cohort_of_their_own,
        units_of_two_phases_have_the_track_of_the_other,
    },
    days::{
        days_begin_by_the_calendar_of_the_question,
        units_belong_to_the_utc_day_of_their_first_exposure,
    },
    left_out::{units_after_the_close_are_left_out, units_of_excluded_spans_are_left_out},
    refunds::refunds_are_subtracted_and_convert_nobody,
    renamed::{
        a_phase_is_known_by_a_former_name, definitions_under_former_names_are_one,
        units_under_former_names_count_once,
    },
    strangers::add_strangers,
    values::{
        a_cap_limits_the_total_of_a_unit, ratios_sum_both_goals_of_a_unit,
        totals_are_limited_to_64_bits, totals_before_the_exposure_are_summed,
    },
    windows::{
        conversions_count_from_the_skew_to_the_end_of_the_window,
        conversions_shortly_before_are_counted_apart,
        facts_at_the_time_of_the_question_do_not_count, later_windows_have_no_skew,
    },
};
