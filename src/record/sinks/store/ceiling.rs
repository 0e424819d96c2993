/// How much a store may grow by what a recorder writes.
///
/// Clients that drop their cookies, and floods of requests, bring new units without end. With a
/// ceiling, a recorder refuses exposures of new units where it is reached. Units that are in the store
/// go on being recorded, and so do conversions.
///
/// Whether a unit is refused depends on its pseudonym alone, by a hash that no track has a part in,
/// and on when it came. So of each track the same share is refused, and what is stored is a random
/// sample. Each unit that was not recorded lately is looked up by itself, which takes a round trip with
/// PostgreSQL. The guide [about recording](crate::guide::recording) explains how to read results meanwhile.
///
/// ```
/// use tower_tracks::{Units, record::{Ceiling, Recorder}, store::Memory};
///
/// let ceiling = Ceiling::default().new_units_a_day(1_000_000).bytes(20_000_000_000);
/// let units = Units::pseudonym("sixteen random bytes, or more")?;
/// let recorder = Recorder::builder(units).store(Memory::default()).ceiling(ceiling).start()?;
/// # drop(recorder);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[must_use = "it is given to the builder of a recorder"]
pub struct Ceiling {
    /// The maximum number of new units on a UTC day; `None` for any number.
    pub(super) new_units_a_day: Option<u64>,
    /// The size of the store from which on new units are refused; `None` for any size.
    pub(super) bytes: Option<u64>,
}

impl Ceiling {
    /// Sets how many units may become known on each UTC day through this recorder, at most. Defaults
    /// to any number.
    ///
    /// Up to half of them, none is refused. From then on a growing share of new units is, so that
    /// some are recorded until the day is over: of ten times as many as the ceiling, the last are
    /// recorded at a rate of 1 in 240. That share does not grow again, also on later days, until the
    /// recorder is started anew: a unit that was refused stays refused. Otherwise tracks whose
    /// visitors return more often would have more of them later. So set it to several times the
    /// units of a busy day.
    ///
    /// ```
    /// use tower_tracks::record::Ceiling;
    ///
    /// // A busy day has 300,000 units.
    /// let ceiling = Ceiling::default().new_units_a_day(2_000_000);
    /// assert_ne!(ceiling, Ceiling::default());
    /// ```
    pub fn new_units_a_day(mut self, units: u64) -> Self {
        self.new_units_a_day = Some(units);
        self
    }

    /// Sets the size of the store in bytes from which on all new units are refused. Defaults to any
    /// size.
    ///
    /// It is [`Store::bytes`](crate::store::Store::bytes), looked up every few seconds, and no hard
    /// limit: events of known units are written beyond it.
    ///
    /// A store that does not return its size is refused when the recorder starts.
    ///
    /// ```
    /// use tower_tracks::record::Ceiling;
    ///
    /// let gigabytes = 1_000_000_000;
    /// let ceiling = Ceiling::default().bytes(20 * gigabytes);
    /// ```
    pub fn bytes(mut self, bytes: u64) -> Self {
        self.bytes = Some(bytes);
        self
    }
}
