//! The units that were exposed in two phases, as exposures of one.

use std::{cmp::Ordering, iter::from_fn, sync::Arc};

use crate::store::error::StoreError;

use super::{
    first::{FirstExposure, next_unit},
    fold::Rows,
    interleaved::Exposures,
    question::Question,
    rows::ExposedUnit,
};

/// The exposures of a phase, and the names of its tracks.
pub(in crate::store) struct OfPhase<'a> {
    pub(in crate::store) exposures: Exposures<'a>,
    pub(in crate::store) tracks: &'a [Arc<str>],
}

/// Returns an exposure for each unit of both phases. Its time is the later of both, and its segment the track in the
/// other phase. Nothing else is known of it.
pub(in crate::store) fn joint<'a>(
    one: OfPhase<'a>,
    other: OfPhase<'a>,
    question: &'a Question,
) -> Exposures<'a> {
    let tracks = [one.tracks, other.tracks];
    let mut rows = [one, other].map(|phase| phase.exposures.peekable());
    Box::new(from_fn(move || {
        next_of_both(&mut rows, question, tracks).transpose()
    }))
}

/// Returns the next unit that is in both phases.
fn next_of_both(
    [one, other]: &mut [Rows<'_, ExposedUnit>; 2],
    question: &Question,
    tracks: [&[Arc<str>]; 2],
) -> Result<Option<ExposedUnit>, StoreError> {
    let (mut first, mut second) = (
        next_unit(one, question, tracks[0])?,
        next_unit(other, question, tracks[1])?,
    );
    while let (Some(own), Some(others)) = (&first, &second) {
        match own.exposed.unit.cmp(&others.exposed.unit) {
            Ordering::Less => first = next_unit(one, question, tracks[0])?,
            Ordering::Greater => second = next_unit(other, question, tracks[1])?,
            Ordering::Equal => {
                if let Some(exposed) = of_both(own, others, question) {
                    return Ok(Some(exposed));
                }
                first = next_unit(one, question, tracks[0])?;
                second = next_unit(other, question, tracks[1])?;
            }
        }
    }
    Ok(None)
}

/// Returns `None` for a unit that saw several tracks of a set, or that one of the phases leaves out.
fn of_both(
    own: &FirstExposure,
    others: &FirstExposure,
    question: &Question,
) -> Option<ExposedUnit> {
    let is_single = own.crossed_at.is_none() && others.crossed_at.is_none();
    let (own_at, others_at) = (own.exposed.first_at, others.exposed.first_at);
    // Each phase by its own first exposure: the later one is of none of them.
    let is_counted = question.is_enrolled(own_at) && !question.is_excluded(own_at);
    let mut spans = question.beside_left_out.iter();
    let is_left_out = spans.any(|span| span.contains(&others_at));
    (is_single && is_counted && !is_left_out).then_some(ExposedUnit {
        first_at: own.exposed.first_at.max(others.exposed.first_at),
        segment: Some(others.exposed.track),
        definition: None,
        coin: None,
        ..own.exposed
    })
}
