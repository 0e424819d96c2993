use std::{panic::resume_unwind, thread};

/// Returns what `map` makes of each item, half of them on a thread of their own.
pub(super) fn map_on_two<T: Sync, R: Send>(items: &[T], map: impl Fn(&T) -> R + Sync) -> Vec<R> {
    let (here, there) = items.split_at(items.len() / 2);
    thread::scope(|scope| {
        let there = scope.spawn(|| there.iter().map(&map).collect::<Vec<_>>());
        let mut mapped: Vec<R> = here.iter().map(&map).collect();
        mapped.extend(there.join().unwrap_or_else(|panic| resume_unwind(panic)));
        mapped
    })
}
