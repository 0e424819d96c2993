//! Random bytes, from the operating system or from a closure.

use std::{fmt, sync::Arc};

/// The source of random bytes for visitor cookies, random keys and run ids.
///
/// Defaults to the operating system. A test that needs the same visitors every time uses its own
/// source.
#[derive(Clone, Default)]
pub struct Randomness(Option<Arc<dyn Fn() -> [u8; 16] + Send + Sync>>);

impl Randomness {
    /// Returns a source that calls `bytes` whenever it needs sixteen of them.
    ///
    /// The closure is called on the request path, on several threads. It must not panic or block. The
    /// function `testing::randomness` returns a seeded source for tests.
    ///
    /// ```
    /// use std::sync::atomic::{AtomicU8, Ordering};
    /// use tower_tracks::{SimpleTrackSet, TracksLayer, middleware::Randomness};
    ///
    /// // Sixteen bytes of 0, then of 1, and so on: for tests only.
    /// let count = AtomicU8::new(0);
    /// let visitors = Randomness::from_fn(move || [count.fetch_add(1, Ordering::Relaxed); 16]);
    ///
    /// let delay = SimpleTrackSet::new("delay").track("short", 500).build()?;
    /// let layer = TracksLayer::new(delay).randomness(visitors);
    /// # Ok::<(), tower_tracks::DefinitionError>(())
    /// ```
    ///
    /// # Warning
    ///
    /// A client that can guess the bytes can guess other visitors' keys. Outside of tests, use a
    /// cryptographic source.
    pub fn from_fn(bytes: impl Fn() -> [u8; 16] + Send + Sync + 'static) -> Self {
        Self(Some(Arc::new(bytes)))
    }

    /// Returns sixteen bytes; `None` if the operating system returns an error. It is called each time,
    /// without a buffer.
    pub(crate) fn bytes(&self) -> Option<[u8; 16]> {
        if let Some(bytes) = &self.0 {
            return Some(bytes());
        }
        let mut bytes = [0; 16];
        // Without random bytes the request is in no track; a middleware does not fail it for that.
        getrandom::fill(&mut bytes).ok()?;
        Some(bytes)
    }
}

impl fmt::Debug for Randomness {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.0 {
            None => "Randomness(System)",
            Some(_) => "Randomness(<fn>)",
        })
    }
}
