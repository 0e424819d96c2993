//! The answer of `verify-log`.

use std::{collections::BTreeMap, fmt};

use serde::Serialize;

use crate::{
    assign::Choice,
    figures::count,
    report::Utc,
    store::{ExposureRow, TrackName},
    unit::Unit,
};

/// The number of disagreements that are listed. All are counted.
const NAMED: usize = 100;

/// The numbers of rows that agree, disagree, and cannot be verified.
#[derive(Debug, Default, Serialize)]
pub(super) struct Verified {
    pub(super) agreed: u64,
    /// The number of agreeing rows without a coin.
    without_coin: u64,
    /// The number of agreeing rows for which the choice of the set was recomputed, too.
    with_set: u64,
    pub(super) disagreed: u64,
    pub(super) unverifiable: u64,
    /// The numbers of rows that cannot be verified, by reason.
    reasons: BTreeMap<String, u64>,
    /// The first hundred.
    disagreements: Vec<Disagreement>,
    /// The number of rows that agree, but that changes in force at their time exclude.
    pub(super) unexpected: u64,
    /// The first hundred.
    unexpected_rows: Vec<Unexpected>,
}

/// A row whose recomputed track or coin is another one.
#[derive(Debug, Serialize)]
pub(super) struct Disagreement {
    unit: String,
    set: Option<String>,
    phase: Option<u32>,
    first_at: Option<Utc>,
    recorded: String,
    recomputed: String,
}

/// A row whose track and coin agree, of a unit that was in no track at its time.
#[derive(Debug, Serialize)]
pub(super) struct Unexpected {
    unit: String,
    set: String,
    phase: u32,
    first_at: Utc,
    recorded: String,
    why: String,
}

impl Verified {
    /// Counts a row that agrees, and whether its coin and the choice of its set were compared.
    pub(super) fn agree(&mut self, coin: bool, set: bool) {
        self.agreed += 1;
        self.without_coin += u64::from(!coin);
        self.with_set += u64::from(set);
    }

    /// Counts a row that cannot be verified, by reason. The text is allocated once per reason.
    pub(super) fn unverifiable(&mut self, why: &str) {
        self.unverifiable += 1;
        match self.reasons.get_mut(why) {
            Some(count) => *count += 1,
            None => drop(self.reasons.insert(why.to_owned(), 1)),
        }
    }

    /// Counts a row that disagrees, and lists it if it is one of the first hundred.
    pub(super) fn disagree(&mut self, disagreement: Disagreement) {
        self.disagreed += 1;
        if self.disagreements.len() < NAMED {
            self.disagreements.push(disagreement);
        }
    }

    /// Counts a row that changes exclude, and lists it if it is one of the first hundred.
    pub(super) fn add_unexpected(&mut self, row: Unexpected) {
        self.unexpected += 1;
        if self.unexpected_rows.len() < NAMED {
            self.unexpected_rows.push(row);
        }
    }
}

impl Unexpected {
    /// Returns a row with the sentence about the change that excludes it.
    pub(super) fn new(track: &TrackName, row: &ExposureRow, why: String) -> Self {
        Self {
            unit: row.unit.to_string(),
            set: track.phase.set.to_string(),
            phase: track.phase.phase,
            first_at: row.first_at.into(),
            recorded: shown(&track.track, row.coin),
            why,
        }
    }
}

impl Disagreement {
    /// Returns the disagreement of a row whose track or coin is another one. Of several
    /// definitions, it shows the last.
    pub(super) fn of_row(
        track: &TrackName,
        row: &ExposureRow,
        choice: Option<&Choice<'_>>,
    ) -> Self {
        let words = |choice: &Choice<'_>| shown(choice.track().unwrap_or_default(), choice.coin());
        Self::new(track, row, choice.map(words).unwrap_or_default())
    }

    /// Returns the disagreement of a stored key whose unit is another one.
    pub(super) fn of_key(unit: Unit, recomputed: Unit) -> Self {
        Self {
            unit: unit.to_string(),
            set: None,
            phase: None,
            first_at: None,
            recorded: "the key beside it".to_owned(),
            recomputed: format!("unit {recomputed}"),
        }
    }

    /// Returns the disagreement of a row, with the recomputed value in words.
    pub(super) fn new(track: &TrackName, row: &ExposureRow, recomputed: String) -> Self {
        Self {
            unit: row.unit.to_string(),
            set: Some(track.phase.set.to_string()),
            phase: Some(track.phase.phase),
            first_at: Some(row.first_at.into()),
            recorded: shown(&track.track, row.coin),
            recomputed,
        }
    }
}

/// Returns track and coin as text.
fn shown(track: &str, coin: Option<bool>) -> String {
    match coin {
        Some(coin) => format!("{track}, coin {}", u8::from(coin)),
        None => format!("{track}, no coin"),
    }
}

impl fmt::Display for Verified {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [agreed, disagreed, unverifiable] =
            [self.agreed, self.disagreed, self.unverifiable].map(count);
        let [with_set, without_coin] = [self.with_set, self.without_coin].map(count);
        writeln!(
            f,
            "{agreed} agree, {disagreed} disagree, {unverifiable} are unverifiable"
        )?;
        writeln!(
            f,
            "of those that agree, {with_set} with the choice of their set, {without_coin} without a coin"
        )?;
        if self.unexpected > 0 {
            let rows = count(self.unexpected);
            writeln!(
                f,
                "{rows} are unexpected: their tracks agree, but changes excluded them at their time"
            )?;
        }
        for (why, rows) in &self.reasons {
            writeln!(f, "unverifiable: {}, since {why}", count(*rows))?;
        }
        self.disagreements
            .iter()
            .try_for_each(|one| writeln!(f, "{one}"))?;
        match self.disagreed.saturating_sub(NAMED as u64) {
            0 => {}
            more => writeln!(f, "and {} more that disagree", count(more))?,
        }
        self.unexpected_rows
            .iter()
            .try_for_each(|one| writeln!(f, "{one}"))?;
        match self.unexpected.saturating_sub(NAMED as u64) {
            0 => Ok(()),
            more => write!(f, "and {} more that are unexpected", count(more)),
        }
    }
}

impl fmt::Display for Unexpected {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            unit,
            set,
            phase,
            first_at,
            recorded,
            why,
        } = self;
        write!(
            f,
            "unexpected: unit {unit}, {set} phase {phase}, {first_at}: recorded {recorded}; {why}"
        )
    }
}

impl fmt::Display for Disagreement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "disagrees: unit {}", self.unit)?;
        if let (Some(set), Some(phase)) = (&self.set, self.phase) {
            write!(f, ", {set} phase {phase}")?;
        }
        if let Some(at) = self.first_at {
            write!(f, ", {at}")?;
        }
        write!(
            f,
            ": recorded {}; recomputed {}",
            self.recorded, self.recomputed
        )
    }
}
