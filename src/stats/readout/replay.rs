use super::{Cell, Look, LookRead, Missing};
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

/// Reads a plan look by look, as if somebody had been there at each of them.
///
/// Alpha is spent by information (Lan & DeMets 1983) and shared among the tracks. A track is decided
/// by its first difference beyond the boundary, or by the last look, which is the first with all
/// the information. Each finding leaves its share of alpha to the tracks that are still open
/// (Holm 1979, at each look). A look below the gate spends its share and finds nothing.
///
/// The answer depends on the looks alone, and not on when or how often anybody reads them. It has,
/// for each track of `live`, its readings from the first look to the one that decides, or to the
/// latest.
pub(super) fn replay(
    looks: &[Look],
    live: &[usize],
    alpha: f64,
) -> Result<Vec<Vec<Replayed>>, NoAnswer> {
    let last = looks.iter().position(|look| look.information >= 1.0);
    let looks = &looks[..last.map_or(looks.len(), |last| last + 1)];
    let mut replay = Replay {
        alpha,
        looks,
        live,
        levels: Vec::new(),
        tracks: vec![Vec::new(); live.len()],
    };
    for look in 0..looks.len() {
        replay.read_look(look)?;
    }
    Ok(replay.tracks)
}

struct Replay<'a> {
    alpha: f64,
    looks: &'a [Look],
    live: &'a [usize],
    /// The boundaries of all looks, by how many tracks were found before.
    levels: Vec<Vec<f64>>,
    /// The readings of each track of `live` so far.
    tracks: Vec<Vec<Replayed>>,
}

impl Replay<'_> {
    /// Reads the open tracks at a look, and the rest of them again after each finding.
    fn read_look(&mut self, look: usize) -> Result<(), NoAnswer> {
        loop {
            let before = self.found();
            let boundary = self.boundary(look, before)?;
            for place in self.open(look) {
                let read = self.read(look, self.live[place], boundary);
                // At most one reading a look: the one at the lower boundary takes its place.
                self.tracks[place].truncate(look);
                self.tracks[place].push(read);
            }
            if self.found() == before || self.found() == self.live.len() {
                return Ok(());
            }
        }
    }

    fn found(&self) -> usize {
        let latest = self.tracks.iter().filter_map(|track| track.last());
        latest.filter(|latest| latest.is_found).count()
    }

    /// The tracks that were decided at no earlier look, and were not found at this one.
    fn open(&self, look: usize) -> Vec<usize> {
        let is_open = |track: &Vec<Replayed>| match track.last() {
            Some(latest) => !latest.is_found && (!latest.read.decided || latest.read.look == look),
            None => true,
        };
        let places = self.tracks.iter().enumerate();
        let open = places.filter(|(_, track)| is_open(track));
        open.map(|(place, _)| place).collect()
    }

    fn boundary(&mut self, look: usize, found: usize) -> Result<f64, NoAnswer> {
        while self.levels.len() <= found {
            let sharing = self.live.len().saturating_sub(self.levels.len()).max(1);
            let information: Vec<f64> = self.looks.iter().map(|look| look.information).collect();
            let level = boundaries(self.alpha / sharing as f64, &information)?;
            self.levels.push(level);
        }
        let boundary = self.levels[found].get(look);
        boundary.copied().ok_or(NoAnswer::OutOfRange)
    }

    fn read(&self, look: usize, track: usize, boundary: f64) -> Replayed {
        let is_last = self.looks[look].information >= 1.0;
        let (missing, comparison) = compare(&self.looks[look].cells, track, boundary);
        let is_found = missing.is_none() && comparison.is_ok_and(|found| found.is_significant());
        let comparison = match is_found || boundary <= WIDEST {
            true => comparison,
            false => Err(NoAnswer::TooEarly),
        };
        Replayed {
            read: LookRead {
                look,
                information: self.looks[look].information,
                decided: is_found || is_last,
                early: is_found && !is_last,
            },
            missing,
            comparison,
            is_found,
        }
    }
}

fn compare(
    cells: &[Cell],
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
