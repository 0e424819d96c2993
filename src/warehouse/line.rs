//! A row of a file of cells, checked by itself.

use std::{collections::HashMap, sync::Arc};

use csv::StringRecord;

use crate::{
    i256::I256,
    store::{Cell, Cohort, Timestamp},
};

use super::columns::{ALL_ROWS, COLUMNS, FORMAT};

/// From here on, sums have more than 38 digits.
const LIMIT: u128 = 10_u128.pow(38);

/// Where the columns are in a file.
pub(super) struct Header(HashMap<&'static str, usize>);

/// A row with its columns.
pub(super) struct Line<'r> {
    header: &'r Header,
    record: &'r StringRecord,
}

/// What is wrong with a row.
pub(super) type Checked<T> = Result<T, String>;

impl Header {
    /// Finds the columns by their names.
    pub(super) fn of(record: &StringRecord) -> Checked<Self> {
        let mut places = HashMap::new();
        for name in COLUMNS.map(|(name, _)| name).into_iter().chain([ALL_ROWS]) {
            // Some engines write all names in capitals.
            let place = record
                .iter()
                .position(|column| column.eq_ignore_ascii_case(name));
            let place = place.ok_or_else(|| format!("the column {name} is missing"))?;
            places.insert(name, place);
        }
        Ok(Self(places))
    }

    pub(super) fn line<'r>(&'r self, record: &'r StringRecord) -> Line<'r> {
        Line {
            header: self,
            record,
        }
    }
}

impl<'r> Line<'r> {
    pub(super) fn text(&self, column: &'static str) -> &'r str {
        let place = self.header.0.get(column);
        place
            .and_then(|place| self.record.get(*place))
            .unwrap_or_default()
    }

    /// Returns the number in a column.
    pub(super) fn number<T: TryFrom<i128>>(&self, column: &'static str) -> Checked<T> {
        let text = self.text(column);
        let number = text
            .parse::<i128>()
            .ok()
            .and_then(|number| T::try_from(number).ok());
        number.ok_or_else(|| format!("the column {column} has {text:?}, which is no number for it"))
    }

    pub(super) fn time(&self, column: &'static str) -> Checked<Timestamp> {
        self.number(column).map(Timestamp::from_micros)
    }

    /// Checks the version of the format.
    pub(super) fn check_format(&self) -> Checked<()> {
        match self.text("cells") {
            FORMAT => Ok(()),
            other => Err(format!(
                "its format is {other:?}, and this crate reads {FORMAT:?}"
            )),
        }
    }

    /// Returns the cohort of units.
    pub(super) fn cohort(&self) -> Checked<Cohort> {
        let coin = match self.text("coin") {
            "0" => None,
            "1" => Some(false),
            "2" => Some(true),
            other => return Err(format!("the coin is {other:?}")),
        };
        let crossed_on = match self.text("crossed") {
            "0" => None,
            _ => Some(self.number("crossed_day_no")?),
        };
        let definition = match self.text("definition_no") {
            "-1" => None,
            _ => Some(self.number("definition_no")?),
        };
        let segment = Some(self.text("segment")).filter(|segment| !segment.is_empty());
        let track: Arc<str> = self.text("name").into();
        Ok(Cohort::new(track, self.number("day_no")?)
            .coin(coin)
            .definition(definition)
            .crossed_on(crossed_on)
            .segment(segment.map(Arc::from)))
    }

    /// Returns the sums of a goal, and whether they are those of units whose windows are over.
    pub(super) fn cell(&self) -> Checked<(Cell, bool)> {
        let square = |column| self.number::<i128>(column).map(I256::from);
        let cell = Cell {
            units: self.number("units")?,
            converters: self.number("converters")?,
            sum: self.number("total")?,
            sum_sq: square("total_sq")?,
            sum_abs: self.number("total_abs")?,
            largest: self.number("largest")?,
            capped: self.number("capped")?,
            second: self.number("second")?,
            second_sq: square("second_sq")?,
            cross: square("product")?,
            with_second: self.number("with_second")?,
        };
        self.check_sums(&cell)?;
        let is_closed = self.number::<u8>("closed_units")? == 1;
        Ok((cell, is_closed))
    }

    /// Checks that sums fit each other, and that none can have had more digits than an engine has.
    fn check_sums(&self, cell: &Cell) -> Checked<()> {
        let by: i128 = self.number("largest_second")?;
        let most = i128::from(i64::MAX);
        let are_sizes = (0..=most).contains(&cell.largest) && (0..=most).contains(&by);
        if !are_sizes
            || [cell.converters, cell.capped, cell.with_second]
                .iter()
                .any(|units| *units > cell.units)
        {
            return Err("its numbers contradict each other".to_owned());
        }
        let (largest, by) = (cell.largest.unsigned_abs(), by.unsigned_abs());
        for (one, other) in [(largest, largest), (by, by), (largest, by)] {
            let sum = one
                .checked_mul(other)
                .and_then(|square| square.checked_mul(cell.units.into()));
            if sum.is_none_or(|sum| sum >= LIMIT) {
                let message = "its values are so large that the sums of their squares may have more than 38 digits: \
                               set a cap for the goal";
                return Err(message.to_owned());
            }
        }
        let units = u128::from(cell.units);
        let is_within = |sum: i128, largest: u128| sum.unsigned_abs() <= largest * units;
        if !is_within(cell.sum, largest)
            || !is_within(cell.sum_abs, largest)
            || !is_within(cell.second, by)
        {
            return Err("its sums are larger than its largest values allow".to_owned());
        }
        Ok(())
    }
}
