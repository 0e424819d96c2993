//! Plans, replayed from their looks. The result does not depend on when anybody read the results.

use std::collections::BTreeMap;

use super::{Look, LookRead, Missing, TrackCounts};
use crate::stats::{Comparison, NoAnswer, Test, boundaries};

/// The multiplier above which an interval says nothing.
const WIDEST: f64 = 8.0;

/// What a plan says of one track: at the look that decides, or at the latest one.
#[derive(Debug, Clone, Copy)]
pub(super) struct Replayed {
    pub(super) read: LookRead,
    pub(super) missing: Option<Missing>,
    pub(super) comparison: Result<Comparison, NoAnswer>,
    /// Whether the difference is beyond the boundary.
    is_found: bool,
}

/// The readings of a plan.
pub(super) struct Replay<'a> {
    alpha: f64,
    looks: &'a [Look],
    /// The boundaries of all looks, by among how many tracks alpha is shared.
    levels: BTreeMap<usize, Vec<f64>>,
    /// The readings of each track, from the first look to the one that decides, or to the latest.
    pub(super) tracks: Vec<Vec<Replayed>>,
    /// The look after which no track was open any more.
    pub(super) ended: Option<usize>,
}

/// Replays a plan look by look, as if it had been read at each of them.
///
/// Alpha is spent by information (Lan & DeMets 1983) and shared among the tracks. A track is decided
/// by its first difference beyond the boundary, or by the last look, which is the first with all
/// the information. Each finding leaves its share of alpha to the tracks that are still open
/// (Holm 1979, at each look). A look below the gate spends its share and finds nothing.
///
/// The answer depends on the looks alone, and not on when or how often anybody reads them.
pub(super) fn replay(looks: &[Look], tracks: usize, alpha: f64) -> Result<Replay<'_>, NoAnswer> {
    // Units that came after the plan was reached must not change its result.
    let last = looks.iter().position(|look| look.information >= 1.0);
    let mut replay = Replay {
        alpha,
        looks: &looks[..last.map_or(looks.len(), |last| last + 1)],
        levels: BTreeMap::new(),
        tracks: vec![Vec::new(); tracks],
        ended: None,
    };
    for look in 0..replay.looks.len() {
        replay.read_look(look)?;
        if replay.ended.is_some() {
            break;
        }
    }
    Ok(replay)
}

impl Replay<'_> {
    /// Reads the open tracks at a look, and the rest of them again after each finding.
    fn read_look(&mut self, look: usize) -> Result<(), NoAnswer> {
        loop {
            // A finding leaves its share of alpha to the other tracks, whose boundary is lower at
            // this look already.
            let before = self.found();
            let boundary = self.boundary(look, before)?;
            for track in self.open(look) {
                let read = self.read(look, track, boundary);
                // At most one reading a look: the one at the lower boundary takes its place.
                let reads = &mut self.tracks[track];
                if reads.last().is_some_and(|latest| latest.read.look == look) {
                    reads.pop();
                }
                reads.push(read);
            }
            if self.found() == before {
                break;
            }
        }
        let is_decided = |track: &usize| self.is_decided(*track);
        let is_any = (0..self.tracks.len()).any(|track| self.is_decided(track));
        if is_any && self.looks[look].live.iter().all(is_decided) {
            self.ended = Some(look);
        }
        Ok(())
    }

    /// How many tracks were found to differ so far. Each leaves its share of alpha to the others.
    fn found(&self) -> usize {
        let latest = self.tracks.iter().filter_map(|track| track.last());
        latest.filter(|latest| latest.is_found).count()
    }

    /// Whether a look decided the track: by a finding, or because it was the last.
    fn is_decided(&self, track: usize) -> bool {
        let latest = self.tracks.get(track).and_then(|reads| reads.last());
        latest.is_some_and(|latest| latest.read.decided)
    }

    /// The tracks that take part, were decided at no earlier look, and were not found at this one.
    fn open(&self, look: usize) -> Vec<usize> {
        let is_open = |latest: &Replayed| {
            !latest.is_found && (!latest.read.decided || latest.read.look == look)
        };
        let live = self.looks[look].live.iter().copied();
        let open = live.filter(|track| {
            let reads = self.tracks.get(*track);
            reads.is_some_and(|reads| reads.last().is_none_or(is_open))
        });
        open.collect()
    }

    /// The boundary of a look, after so many findings. All looks of a level are computed at once and
    /// kept, since a boundary needs the density of the looks before it.
    ///
    /// # Errors
    ///
    /// When the looks are out of order.
    fn boundary(&mut self, look: usize, found: usize) -> Result<f64, NoAnswer> {
        let sharing = self.looks[look].sharing.saturating_sub(found).max(1);
        if !self.levels.contains_key(&sharing) {
            let information: Vec<f64> = self.looks.iter().map(|look| look.information).collect();
            let level = boundaries(self.alpha / sharing as f64, &information)?;
            self.levels.insert(sharing, level);
        }
        let boundary = self.levels.get(&sharing).and_then(|level| level.get(look));
        boundary.copied().ok_or(NoAnswer::OutOfRange)
    }

    /// Reads one track at a look. Beyond a multiplier of 8 there is no interval, unless the track is
    /// found to differ.
    fn read(&self, look: usize, track: usize, boundary: f64) -> Replayed {
        let information = self.looks[look].information;
        let is_last = information >= 1.0;
        let (missing, comparison) = compare(&self.looks[look].cells, track, boundary);
        let is_found = missing.is_none() && comparison.is_ok_and(|found| found.is_significant());
        let comparison = match is_found || boundary <= WIDEST {
            true => comparison,
            false => Err(NoAnswer::TooEarly),
        };
        Replayed {
            read: LookRead {
                look,
                information,
                decided: is_found || is_last,
                early: is_found && !is_last,
            },
            missing,
            comparison,
            is_found,
        }
    }
}

/// Compares a track with control at a boundary, and returns what the two lack for a verdict.
fn compare(
    cells: &[TrackCounts],
    track: usize,
    boundary: f64,
) -> (Option<Missing>, Result<Comparison, NoAnswer>) {
    let (Some(control), Some(cell)) = (cells.first(), cells.get(track)) else {
        return (None, Err(NoAnswer::Mixed));
    };
    // A boundary that no test can have is beyond all differences.
    let comparison = match Test::at_boundary(boundary) {
        Ok(test) => cell.counted.compare(&control.counted, &test),
        Err(_) => Err(NoAnswer::TooEarly),
    };
    (Missing::of(control, cell), comparison)
}
