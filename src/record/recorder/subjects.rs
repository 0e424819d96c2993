use crate::{assign::Key, event::GoalError, unit::Subject};

use super::receipt::Receipt;

/// The subjects of a conversion, for [`Recorder::reached`](crate::record::Recorder::reached).
///
/// It is made from the key of a visitor, from a pair of a unit's name and a key, from a [`Subject`], or from
/// a [`Receipt`], which may have several subjects.
///
/// ```
/// use tower_tracks::{Key, Units, record::Recorder, store::Memory, unit::Subject};
///
/// let units = Units::pseudonym("sixteen random bytes, or more")?;
/// let recorder = Recorder::builder(units).store(Memory::default()).start()?;
/// recorder.reached(&Key::from("alice"), "signup").every_time()?;
/// recorder.reached(("user", &Key::from(42)), "signup").every_time()?;
/// recorder.reached(Subject::of_key("user", &Key::from(43)), "signup").every_time()?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
pub struct Subjects(pub(super) Vec<Subject>);

impl Subjects {
    /// Returns what is wrong with the first subject that is not valid, if there is one.
    pub(super) fn check(&self) -> Result<(), GoalError> {
        self.0.iter().try_for_each(Subject::check)
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
