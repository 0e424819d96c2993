//! The segments of a set, such as `mobile` and `desktop`: one dimension by which reports look at it once more.
//!
//! A segment is a small number in a choice. Its names are found while requests come, and kept in the set, without
//! a lock: each place is written once.

use std::{any::Any, fmt, sync::OnceLock};

use super::name::is_track_name;

/// How many segments have a name of their own.
const MOST: usize = 8;

/// The name of all other segments.
const OTHER: &str = "other";

/// Returns the segment of a context.
pub(super) type SegmentOf = Box<dyn for<'c> Fn(&'c dyn Any) -> Option<&'c str> + Send + Sync>;

/// The dimension of a set and its segments so far.
pub(crate) struct Segments {
    dimension: String,
    names: [OnceLock<Box<str>>; MOST],
}

impl Segments {
    pub(super) fn new(dimension: String) -> Self {
        Self {
            dimension,
            names: Default::default(),
        }
    }

    /// Returns the name of the dimension.
    pub(super) fn dimension(&self) -> &str {
        &self.dimension
    }

    /// Returns the number of a segment, which is a new one while there is room.
    pub(super) fn number(&self, name: &str) -> u8 {
        let is_named = name != OTHER && is_track_name(name);
        let place = self.names.iter().filter(|_| is_named).position(|place| {
            // Of two threads that write one place, the other may have won it for another name.
            **place.get_or_init(|| name.into()) == *name
        });
        // There are only eight places.
        place.unwrap_or(MOST) as u8
    }

    /// Returns the name of a segment by its number.
    pub(super) fn name(&self, number: u8) -> &str {
        let place = self.names.get(usize::from(number));
        place.and_then(OnceLock::get).map_or(OTHER, |name| name)
    }
}

impl fmt::Debug for Segments {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.dimension.fmt(f)
    }
}

/// Hides the type of the context, as that of a predicate.
pub(super) fn erased_segment<C: 'static>(
    segment: impl for<'c> Fn(&'c C) -> &'c str + Send + Sync + 'static,
) -> SegmentOf {
    Box::new(move |context| context.downcast_ref().map(&segment))
}

#[cfg(test)]
mod tests {
    use std::thread;

    use super::*;

    #[test]
    fn the_first_eight_names_have_a_number() {
        let segments = Segments::new("country".to_owned());
        let names = [
            "a", "b", "a", "c", "d", "e", "f", "g", "h", "i", "h", "other", "", "é",
        ];
        let numbers = names.map(|name| segments.number(name));
        assert_eq!(numbers, [0, 1, 0, 2, 3, 4, 5, 6, 7, 8, 7, 8, 8, 8]);
        let names = [0, 7, 8, u8::MAX].map(|number| segments.name(number));
        assert_eq!(names, ["a", "h", "other", "other"]);
    }

    #[test]
    fn threads_agree_about_the_numbers() {
        for _ in 0..200 {
            let segments = Segments::new("device".to_owned());
            let names: Vec<String> = (0..12).map(|name| format!("s{name}")).collect();
            let number = |name: &String| (name.clone(), segments.number(name));
            thread::scope(|scope| {
                let reversed = scope.spawn(|| names.iter().rev().map(number).collect::<Vec<_>>());
                let mut numbers: Vec<_> = names.iter().map(number).collect();
                let mut others = reversed.join().unwrap();
                others.reverse();
                // One thread may have found no room for a name for which the other had some.
                numbers.retain(|(_, number)| usize::from(*number) < MOST);
                for (name, number) in numbers {
                    assert_eq!(segments.name(number), name);
                    assert!(others.contains(&(name, number)));
                }
            });
        }
    }
}
