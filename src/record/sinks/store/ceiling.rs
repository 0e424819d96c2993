/// How much a store may grow by what a recorder writes.
///
/// Clients that drop their cookies, and floods of requests, bring new units without end. With a ceiling, a
/// recorder refuses exposures of new units: a growing share from half of the daily number on, and all at the
/// daily number or at the size. Exposures of units in the store are still recorded, and so are conversions.
///
/// Whether a unit is refused depends only on a hash of its pseudonym and on when it came, not on its track.
/// So the same share of each track is refused, and the stored units are a random sample. Each unit that was
/// not recorded lately is looked up separately, which takes a round trip with PostgreSQL. The guide [about
/// recording](crate::guide::recording) explains how to read results in this time.
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
    /// Sets the maximum number of units that become known on each UTC day through this recorder. Defaults to
    /// no limit.
    ///
    /// Up to half of this number, no unit is refused. After that, a growing share of new units is refused, so
    /// that some are recorded until the day is over. If ten times as many units come, the last of them are
    /// recorded at a rate of 1 in 240. The recorded share never grows again while the recorder runs, even on
    /// later days: a unit that was refused stays refused. Otherwise, tracks whose visitors return more often
    /// would later have more of these units. So set the number to several times the units of a busy day.
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

    /// Sets the size of the store in bytes from which all new units are refused. Defaults to no limit.
    ///
    /// The size is [`Store::bytes`](crate::store::Store::bytes), read every few seconds. It is not a hard
    /// limit: events of known units are still written.
    ///
    /// The recorder does not start if a store does not return its size.
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
