//! Rows in the order of units, of which those with the same key become one: the smallest.

use std::iter::from_fn;

use crate::store::error::StoreError;

/// Takes the rows of each unit together, and passes the smallest row of each key on, if it is kept.
///
/// The order of rows has to begin with the unit and the key.
pub(super) fn merged<R: Ord>(
    rows: impl Iterator<Item = Result<R, StoreError>>,
    is_same_unit: impl Fn(&R, &R) -> bool,
    is_same_key: impl Fn(&R, &R) -> bool,
    is_kept: impl Fn(&R) -> bool,
) -> impl Iterator<Item = Result<R, StoreError>> {
    let mut rows = rows.peekable();
    // The rows of a unit after the first one, in reverse.
    let mut ready: Vec<R> = Vec::new();
    from_fn(move || {
        loop {
            if let Some(row) = ready.pop() {
                if is_kept(&row) {
                    return Some(Ok(row));
                }
                continue;
            }
            let first = match rows.next()? {
                Ok(row) => row,
                error => return Some(error),
            };
            ready.push(first);
            let is_next = |next: &Result<R, StoreError>| match (next, ready.first()) {
                (Ok(next), Some(first)) => is_same_unit(next, first),
                _ => false,
            };
            // Most units have one row.
            let mut next = rows.next_if(is_next);
            while let Some(Ok(row)) = next {
                ready.push(row);
                let is_next = |next: &Result<R, StoreError>| match (next, ready.first()) {
                    (Ok(next), Some(first)) => is_same_unit(next, first),
                    _ => false,
                };
                next = rows.next_if(is_next);
            }
            if ready.len() > 1 {
                ready.sort_unstable();
                ready.dedup_by(|one, other| is_same_key(one, other));
                ready.reverse();
            }
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::error::StoreErrorKind;

    #[test]
    fn of_each_key_the_smallest_row_stays() {
        let rows = [
            (1, 'b', 5),
            (1, 'a', 9),
            (1, 'b', 4),
            (2, 'a', 1),
            (3, 'a', 7),
            (3, 'a', 2),
        ];
        let rows = merged(
            rows.into_iter().map(Ok),
            |one, other| one.0 == other.0,
            |one, other| one.1 == other.1,
            // The smallest row decides, also if a larger one would be kept.
            |row| row.2 != 2,
        );
        let rows: Result<Vec<_>, StoreError> = rows.collect();
        assert_eq!(rows.unwrap(), [(1, 'a', 9), (1, 'b', 4), (2, 'a', 1)]);
    }

    #[test]
    fn an_error_is_passed_on() {
        let error = StoreError::new(StoreErrorKind::Other, "torn");
        let rows = [Ok((1, 1)), Err(error)].into_iter();
        let rows = merged(
            rows,
            |one, other| one.0 == other.0,
            |one, other| one.1 == other.1,
            |_| true,
        );
        let rows: Vec<_> = rows.collect();
        assert!(rows[0].is_ok() && rows[1].is_err() && rows.len() == 2);
    }
}
