//! The rows with names or texts that this crate would not write.

use crate::store::{catalog::InvalidRows, error::StoreError, sql::checks};

use super::{place::Place, row::Row};

/// What the checks of all databases read, in their order, with the types of the columns.
const SELECTS: [(&str, &str); 8] = [
    ("sis", "set_name, phase, unit_kind FROM @phase FINAL"),
    (
        "sissb",
        "'a', toInt64(1), 'a', name, control FROM @track FINAL",
    ),
    ("s", "name FROM @goal FINAL"),
    (
        "s",
        "least.3 FROM (SELECT min(known) AS least FROM @definition \
         GROUP BY id, phase_id, fingerprint) WHERE least.1 = 0",
    ),
    ("s", "json FROM @plan FINAL"),
    ("s", "name FROM @segment FINAL"),
    ("s", "node FROM @writer FINAL"),
    ("ss", "sink, reason FROM @loss FINAL"),
];

pub(super) fn invalid_rows(place: &Place) -> Result<Vec<InvalidRows>, StoreError> {
    let mut invalid = Vec::new();
    for ((table, _, is_valid), (types, select)) in checks::<StoreError>().into_iter().zip(SELECTS) {
        let mut rows = 0;
        for row in place.stream(select, |decoder| Row::read(types, decoder))? {
            rows += u64::from(!is_valid(&row?)?);
        }
        if rows > 0 {
            invalid.push(InvalidRows::new(table, rows));
        }
    }
    Ok(invalid)
}
