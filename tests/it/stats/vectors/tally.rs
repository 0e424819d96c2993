use std::{collections::BTreeMap, fmt};

/// What was compared, and what was not offered.
#[derive(Default)]
pub(super) struct Tally {
    compared: usize,
    without_answer: usize,
    not_offered: BTreeMap<String, usize>,
    /// The largest share of a tolerance that a difference took.
    worst: f64,
}

impl Tally {
    pub(super) fn compared(&mut self, share: f64) {
        self.compared += 1;
        self.worst = self.worst.max(share);
    }

    pub(super) fn without_answer(&mut self) {
        self.without_answer += 1;
    }

    pub(super) fn not_offered(&mut self, name: &str) {
        *self.not_offered.entry(name.to_owned()).or_default() += 1;
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            compared,
            without_answer,
            worst,
            ..
        } = self;
        write!(
            f,
            "{compared} numbers compared, {without_answer} without an answer"
        )?;
        write!(f, ", at worst {worst:.1e} of the tolerance")?;
        if !self.not_offered.is_empty() {
            write!(f, "; not offered: {:?}", self.not_offered)?;
        }
        Ok(())
    }
}
