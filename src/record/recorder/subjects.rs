use crate::{assign::Key, event::GoalError, unit::Subject};

use super::receipt::Receipt;

/// The subjects of a conversion: a key, a key with its kind, or those of a [`Receipt`].
#[derive(Debug, Clone)]
pub struct Subjects(pub(super) Vec<Subject>);

impl Subjects {
    /// Returns what is wrong with the first subject that is not valid, if there is one.
    pub(super) fn invalid(&self) -> Option<GoalError> {
        self.0.iter().find_map(|subject| subject.check().err())
    }
}

impl From<Subject> for Subjects {
    fn from(subject: Subject) -> Self {
        Self(vec![subject])
    }
}

impl From<&Key<'_>> for Subjects {
    fn from(key: &Key<'_>) -> Self {
        Subject::from(key).into()
    }
}

impl From<(&str, &Key<'_>)> for Subjects {
    fn from(key: (&str, &Key<'_>)) -> Self {
        Subject::from(key).into()
    }
}

impl From<Receipt> for Subjects {
    fn from(receipt: Receipt) -> Self {
        Self(receipt.into_subjects())
    }
}
