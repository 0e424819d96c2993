//! Receipts: signed units, with which another program records a conversion without the key.

use std::{error, fmt, sync::Arc};

use sha2::{Digest, Sha256};

use crate::{
    assign::is_set_name,
    unit::{Purpose, SubKey, Subject, Unit, Units, hex::Hex},
};

/// The longest receipt in bytes, beyond which a text is no receipt.
const LONGEST: usize = 4_096;

/// How many subjects a receipt has at most, so that the longest is within [`LONGEST`].
const MOST: usize = 40;

/// Signs receipts, and tells which are its own. Raw units have no secret, and so no key.
pub(super) struct Signer(Option<SubKey>);

/// The units of a conversion that another program records later.
///
/// As text, it is at most 40 pairs `kind:unit`, joined by commas, then a dot and a tag. The text has at most
/// 4,096 bytes and contains no key. The tag is computed with the secret of the units. With [raw](Units::raw)
/// units, which have no secret, the tag only detects mistakes, and anybody can write a receipt.
///
/// `Goals::receipt` issues the text in a handler, and
/// [`Recorder::redeem`](crate::record::Recorder::redeem) reads it, in any program whose recorder
/// has the same secret. A receipt does not expire, and it can be redeemed several times: the id of
/// the conversion decides whether it counts once.
///
/// ```
/// use tower_tracks::{Key, Observe, Units, record::Recorder, store::Memory};
///
/// let units = Units::pseudonym("sixteen random bytes, or more")?;
/// let recorder = Recorder::builder(units).store(Memory::default()).start()?;
/// let text = recorder.receipt(&[("user", &Key::from(42)).into()]).unwrap();
/// assert!(text.starts_with("user:"));
///
/// let receipt = recorder.redeem(&text)?;
/// recorder.reached(receipt, "renewal").value(9.90).once("invoice 2026-117")?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Receipt(Vec<(Arc<str>, Unit)>);

/// The error of a text that is not a receipt.
///
/// A program that receives receipts from clients should treat both cases alike, and log them: a
/// client can send any text.
///
/// ```
/// use tower_tracks::{Units, record::{ReceiptError, Recorder}, store::Memory};
///
/// let units = Units::pseudonym("sixteen random bytes, or more")?;
/// let recorder = Recorder::builder(units).store(Memory::default()).start()?;
/// assert_eq!(recorder.redeem("order 17"), Err(ReceiptError::Shape));
/// assert_eq!(recorder.redeem("visitor:alice.tag"), Err(ReceiptError::Tag));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum ReceiptError {
    /// The text does not have the form of a receipt, or is longer than 4,096 bytes.
    Shape,
    /// The text was not signed with this secret, or was changed later.
    Tag,
}

impl Receipt {
    /// Returns the receipt of the first of these subjects; `None` when none is valid.
    pub(super) fn of(subjects: &[Subject], units: &Units) -> Option<Self> {
        let unit = |subject: &Subject| (subject.kind().into(), subject.recorded(units));
        // At most 64 bytes of a kind, 32 digits and two separators each, and 32 digits of the tag,
        // are 3,952 bytes.
        let valid = subjects.iter().filter(|subject| subject.is_valid());
        let units: Vec<_> = valid.map(unit).take(MOST).collect();
        (!units.is_empty()).then_some(Self(units))
    }

    /// Returns the text of the receipt, with its tag.
    pub(super) fn write(&self, signer: &Signer) -> String {
        let named = self.0.iter().map(|(kind, unit)| format!("{kind}:{unit}"));
        let named = named.collect::<Vec<_>>().join(",");
        let tag = signer.tag(&named);
        format!("{named}.{tag}")
    }

    /// Reads a text. The tag is verified before the units are parsed, so that only signed text
    /// reaches the parser.
    pub(super) fn read(text: &str, signer: &Signer) -> Result<Self, ReceiptError> {
        // Before it is hashed: anybody may send one.
        if text.len() > LONGEST {
            return Err(ReceiptError::Shape);
        }
        let (named, tag) = text.rsplit_once('.').ok_or(ReceiptError::Shape)?;
        if !signer.is_tag(named, tag) {
            return Err(ReceiptError::Tag);
        }
        let read = |part: &str| {
            let (kind, unit) = part.split_once(':').filter(|(kind, _)| is_set_name(kind))?;
            Some((kind.into(), unit.parse::<Unit>().ok()?))
        };
        let read: Option<Vec<_>> = named.split(',').map(read).collect();
        read.map(Self).ok_or(ReceiptError::Shape)
    }

    /// Returns the kinds and the units, such as `visitor` and its pseudonym, in the order in which
    /// they were issued.
    ///
    /// ```
    /// use tower_tracks::{Key, Observe, Units, record::Recorder, store::Memory};
    ///
    /// let units = Units::pseudonym("sixteen random bytes, or more")?;
    /// let recorder = Recorder::builder(units.clone()).store(Memory::default()).start()?;
    /// let text = recorder.receipt(&[(&Key::from("alice")).into()]).unwrap();
    ///
    /// let receipt = recorder.redeem(&text)?;
    /// let found: Vec<_> = receipt.units().collect();
    /// assert_eq!(found, [("visitor", units.unit("visitor", &Key::from("alice")))]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn units(&self) -> impl ExactSizeIterator<Item = (&str, Unit)> {
        self.0.iter().map(|(kind, unit)| (&**kind, *unit))
    }

    /// Returns the subjects of a conversion: units whose keys are not known here.
    pub(super) fn into_subjects(self) -> Vec<Subject> {
        let units = self.0.into_iter();
        units
            .map(|(kind, unit)| Subject::of_unit(kind, unit))
            .collect()
    }
}

impl Signer {
    /// Derives a key of its own for receipts, so that no tag of another purpose is a valid receipt.
    pub(super) fn new(units: &Units) -> Self {
        Self(units.derive(Purpose::RECEIPT))
    }

    /// Returns the tag of what a receipt names.
    fn tag(&self, named: &str) -> String {
        match &self.0 {
            Some(key) => key.tag([named.as_bytes()]).to_hex(),
            None => checksum(named),
        }
    }

    /// Returns whether this is the tag of what a receipt names, in a time that does not depend on how
    /// much of it is right.
    fn is_tag(&self, named: &str, tag: &str) -> bool {
        match &self.0 {
            Some(key) => key.tag([named.as_bytes()]).is(tag),
            None => checksum(named) == tag,
        }
    }
}

/// Returns the checksum that detects mistakes if there is no secret.
fn checksum(named: &str) -> String {
    let digest = Sha256::digest(format!("receipt:{named}"));
    let half = std::array::from_fn(|index| digest[index]);
    Hex(half).to_string()
}

impl fmt::Display for ReceiptError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Shape => "the text is not a receipt",
            Self::Tag => "the receipt was not signed with this secret, or was changed",
        })
    }
}

debug_as_message!(ReceiptError);

impl error::Error for ReceiptError {}

#[cfg(test)]
mod tests {
    use crate::assign::Key;

    use super::*;

    fn units() -> Units {
        Units::pseudonym("0123456789abcdef").unwrap()
    }

    #[test]
    fn a_receipt_round_trips() {
        let subjects = [
            Subject::from(("user", &Key::from(42))),
            Subject::from(&Key::from("alice")),
        ];
        for units in [units(), Units::raw()] {
            let receipt = Receipt::of(&subjects, &units).unwrap();
            let text = receipt.write(&Signer::new(&units));
            assert_eq!(
                Receipt::read(&text, &Signer::new(&units)),
                Ok(receipt.clone())
            );
            let again = Receipt::of(&receipt.clone().into_subjects(), &units);
            assert_eq!(again, Some(receipt));
        }
        assert_eq!(Receipt::of(&[], &units()), None);
        let invalid = [
            Subject::from(("a,b", &Key::from(1))),
            Subject::from(&Key::from("")),
        ];
        assert_eq!(Receipt::of(&invalid, &units()), None);
    }

    #[test]
    fn the_longest_receipt_is_read_and_a_longer_text_is_none() {
        let kind = |number: usize| format!("{number:a>64}");
        let subject = |number| Subject::of_key(kind(number), &Key::from(number as u64));
        let subjects: Vec<_> = (0..2 * MOST).map(subject).collect();
        for units in [units(), Units::raw()] {
            let signer = Signer::new(&units);
            let receipt = Receipt::of(&subjects, &units).unwrap();
            assert_eq!(receipt.units().len(), MOST);
            let text = receipt.write(&signer);
            assert_eq!(Receipt::read(&text, &signer), Ok(receipt));
            // Signed by the secret all the same.
            let longer = Receipt(
                [(); LONGEST]
                    .map(|()| ("a".into(), units.unit("a", &Key::from(1))))
                    .into(),
            );
            let text = longer.write(&signer);
            assert_eq!(Receipt::read(&text, &signer), Err(ReceiptError::Shape));
        }
    }

    #[test]
    fn a_changed_receipt_is_refused() {
        let signer = Signer::new(&units());
        let receipt = Receipt::of(&[Subject::from(&Key::from("alice"))], &units()).unwrap();
        let text = receipt.write(&signer);
        for index in 0..text.len() {
            let mut changed = text.clone().into_bytes();
            changed[index] ^= 1;
            let Ok(changed) = String::from_utf8(changed) else {
                continue;
            };
            assert!(Receipt::read(&changed, &signer).is_err(), "{changed}");
        }
        let other = Units::pseudonym("fedcba9876543210").unwrap();
        assert_eq!(
            Receipt::read(&text, &Signer::new(&other)),
            Err(ReceiptError::Tag)
        );
        for bad in ["", ".", "visitor", "visitor:1."] {
            assert!(Receipt::read(bad, &signer).is_err(), "{bad}");
        }
    }
}
