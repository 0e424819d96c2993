//! The units that an event set aside names. Erasing a unit must find it there without parsing the
//! payload, because an event that is set aside may not be valid.

use crate::unit::Unit;

use super::rows::AsideRow;

/// The length of a unit as text.
const DIGITS: usize = 32;

impl AsideRow {
    /// Returns the units that the payload names, and whatever else there has their form.
    pub(crate) fn mentions(&self) -> impl Iterator<Item = Unit> {
        // Windows overlap, since other digits may stand before the unit.
        let texts = self.payload.as_bytes().windows(DIGITS).map(str::from_utf8);
        texts.filter_map(|text| text.ok()?.parse().ok())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_are_found_wherever_they_stand() {
        let found = |payload: &str| {
            let row = AsideRow {
                at: Default::default(),
                reason: "late".into(),
                payload: payload.into(),
            };
            row.mentions().collect::<Vec<_>>()
        };
        let unit = Unit::from_bytes([0xab; 16]);
        let other = Unit::from_bytes([0; 16]);
        assert_eq!(
            found(&format!(r#"{{"a":"{unit}","b":"{other}"}}"#)),
            [unit, other]
        );
        assert_eq!(found(&unit.to_string().to_uppercase()), []);
        assert_eq!(found(&format!("{unit}")[1..]), []);
        assert_eq!(found(&format!("f{unit}")).last(), Some(&unit));
    }
}
