/// Writes a `#[test]` for each case of [`conformance`](crate::store::conformance), from an expression that
/// opens an empty store.
///
/// See the [module docs](crate::store::conformance).
#[doc(hidden)]
#[macro_export]
macro_rules! store_conformance {
    ($open:expr $(,)?) => {
        $crate::__store_conformance! { @each run_among_strangers, $open;
            attribution {
                a_cap_limits_the_total_of_a_unit,
                a_conversion_of_visitor_and_user_counts_once,
                a_goal_without_conversions_has_zeros,
                a_phase_is_known_by_a_former_name,
                aliases_apply_to_sets_by_visitor_alone,
                an_unknown_phase_has_no_attribution,
                conversions_count_from_the_skew_to_the_end_of_the_window,
                conversions_of_a_user_count_for_the_latest_visitor,
                conversions_shortly_before_are_counted_apart,
                days_begin_by_the_calendar_of_the_question,
                definitions_under_former_names_are_one,
                each_segment_has_a_cohort,
                each_side_of_the_coin_has_a_cohort,
                exposures_belong_to_their_definition,
                facts_at_the_time_of_the_question_do_not_count,
                later_windows_have_no_skew,
                ratios_sum_both_goals_of_a_unit,
                refunds_are_subtracted_and_convert_nobody,
                totals_are_limited_to_64_bits,
                totals_before_the_exposure_are_summed,
                units_after_the_close_are_left_out,
                units_belong_to_the_utc_day_of_their_first_exposure,
                units_in_two_tracks_have_a_cohort_of_their_own,
                units_of_excluded_spans_are_left_out,
                units_of_two_phases_have_the_track_of_the_other,
                units_under_former_names_count_once,
            }
        }
        $crate::__store_conformance! { @each run, $open;
            busiest_second {
                the_busiest_second_is_the_earliest_of_the_largest,
            }
            claim {
                a_merge_claims_the_units_of_the_other_store,
                the_first_claim_wins,
            }
            definitions {
                a_definition_of_another_phase_is_refused,
                a_definition_without_json_is_dumped,
                a_row_with_an_unlisted_definition_is_refused,
                a_row_with_an_unlisted_phase_is_refused,
                a_row_with_an_unlisted_segment_is_refused,
                long_plans_are_kept,
                plans_are_a_log,
                the_earliest_definition_stays,
                the_earliest_exposure_keeps_its_definition,
                the_json_of_a_definition_may_come_later,
                ties_are_decided_by_fingerprint_and_segment,
            }
            dump {
                a_dump_can_be_written_into_another_store,
                a_dump_ends_with_the_error_of_its_reader,
                erasures_are_dumped_first_and_keys_last,
            }
            erasure {
                an_erasure_deletes_up_to_its_time,
                erased_events_cannot_be_set_aside_again,
                erased_facts_cannot_be_written_again,
                merging_applies_the_erasures_of_the_other_store,
                retain_deletes_ended_phases,
                retain_keeps_conversions_of_linked_users,
                retain_keeps_former_names_of_running_phases,
                the_key_of_an_erased_unit_needs_facts,
            }
            history {
                a_part_of_a_history_has_at_most_its_limit,
                a_unit_without_facts_has_an_empty_history,
                only_an_exposure_makes_a_unit_exposed,
                the_history_of_a_unit_is_sorted,
            }
            overlap {
                conversions_are_counted_by_utc_day,
                far_times_are_compared_and_have_days,
                units_of_the_previous_phase_are_counted,
                users_in_several_tracks_are_counted,
            }
            readouts {
                a_readout_replaces_the_previous_one,
                readouts_are_sorted_and_of_one_kind,
            }
            writing {
                a_latency_without_a_bin_is_refused,
                a_row_with_an_unlisted_goal_is_refused,
                an_empty_batch_writes_nothing,
                an_event_that_was_set_aside_is_kept_once,
                goals_are_sorted,
                goals_have_conversions_or_losses,
                names_without_rows_are_listed,
                repetitions_count_as_known,
                the_earliest_conversion_stays,
                the_earliest_exposure_stays,
                the_first_kind_of_a_phase_stays,
                the_larger_latencies_of_a_writer_stay,
                the_larger_losses_of_a_writer_stay,
                the_larger_sums_of_a_writer_stay,
                valid_rows_are_not_invalid,
            }
        }
        $crate::__store_conformance! { @several $open;
            histories_are_those_of_memory,
            order_does_not_matter,
        }
    };
}

/// The tests of a list of cases.
#[doc(hidden)]
#[macro_export]
macro_rules! __store_conformance {
    (@each $run:ident, $open:expr; $($topic:ident { $($case:ident),* $(,)? })*) => {
        $($(
            #[test]
            fn $case() {
                $crate::store::conformance::$run(
                    || $open,
                    $crate::store::conformance::$topic::$case,
                );
            }
        )*)*
    };
    (@several $open:expr; $($case:ident),* $(,)?) => {
        $(
            #[test]
            fn $case() {
                $crate::store::conformance::random::$case(|| $open);
            }
        )*
    };
}
