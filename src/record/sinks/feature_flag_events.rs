use super::{Record, Sink, SinkError, Taken};
use crate::{
    assign::Reason,
    event::{Conversion, Exposure},
    store::Timestamp,
    unit::{Unit, hex::Hex},
};

/// A sink that emits exposures as `tracing` events with the attributes of OpenTelemetry.
///
/// Its name among the sinks is `feature-flag-events`. Both bridges from `tracing` to OpenTelemetry pass on
/// the events with their names, because the events have no message.
///
/// ```
/// use tower_tracks::{Units, record::{FeatureFlagEvents, Recorder}};
///
/// let units = Units::pseudonym("sixteen random bytes, or more")?;
/// let recorder = Recorder::builder(units).sink(FeatureFlagEvents::new()).start()?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # The events
///
/// The events have the level `INFO` and the target `tower_tracks::events`.
///
/// An exposure is the event `feature_flag.evaluation` of the semantic conventions for feature flags:
///
/// attribute | contents
/// --- | ---
/// `feature_flag.key` | the set
/// `feature_flag.result.variant` | the track
/// `feature_flag.result.reason` | `split`; `targeting_match` for a track that was forced
/// `feature_flag.set.id` | the group of the set
/// `feature_flag.version` | the phase, as text
/// `feature_flag.context.id` | the unit
/// `feature_flag.provider.name` | `tower-tracks`, or the name set by [`provider`](Self::provider)
/// `tracks.at` | the time at which the track was read, in microseconds since 1970
///
/// A conversion is the event `tracks.conversion`, because the conventions have none for it. Its attributes
/// are `tracks.goal`, `tracks.value` in millionths, `tracks.id`, which identifies repetitions,
/// `feature_flag.context.id` and `tracks.at`. An alias is `tracks.alias`, with `feature_flag.context.id` for
/// the visitor, `tracks.user` and `tracks.at`.
///
/// # When events are emitted
///
/// The thread of the sink emits them, about a second later, outside of any span; `tracks.at` has the time
/// of the event. They go to the global subscriber of `tracing`. Events that it filters out are lost.
#[derive(Debug, Clone)]
#[must_use = "it is given to a recorder"]
pub struct FeatureFlagEvents {
    provider: Box<str>,
}

impl FeatureFlagEvents {
    /// Returns a sink whose provider is `tower-tracks`.
    ///
    /// ```
    /// use tower_tracks::{Units, record::{FeatureFlagEvents, Recorder}};
    ///
    /// let units = Units::pseudonym("sixteen random bytes, or more")?;
    /// let recorder = Recorder::builder(units).sink(FeatureFlagEvents::new()).start()?;
    /// assert!(recorder.tallies().get("feature-flag-events").is_some());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn new() -> Self {
        Self {
            provider: "tower-tracks".into(),
        }
    }

    /// Sets the attribute `feature_flag.provider.name` of exposures. Defaults to `tower-tracks`.
    ///
    /// ```
    /// use tower_tracks::record::FeatureFlagEvents;
    ///
    /// let events = FeatureFlagEvents::new().provider("shop-tracks");
    /// ```
    pub fn provider(mut self, name: impl Into<Box<str>>) -> Self {
        self.provider = name.into();
        self
    }

    /// Emits the event of an exposure. `tracing` needs the names of the attributes at compile time.
    fn exposure(&self, exposure: &Exposure, unit: Unit) {
        let choice = exposure.choice();
        tracing::event!(
            name: "feature_flag.evaluation",
            target: "tower_tracks::events",
            tracing::Level::INFO,
            feature_flag.key = exposure.set(),
            feature_flag.result.variant = exposure.track(),
            feature_flag.result.reason = reason(choice.reason()),
            feature_flag.set.id = choice.group(),
            feature_flag.version = &*choice.phase().unwrap_or(1).to_string(),
            feature_flag.context.id = &*unit.to_string(),
            feature_flag.provider.name = &*self.provider,
            tracks.at = Timestamp::from(exposure.at()).as_micros(),
        );
    }
}

/// Emits the event of a conversion. The id is written like a unit, as 32 hexadecimal digits.
fn tell_conversion(conversion: &Conversion, unit: Unit, id: [u8; 16]) {
    tracing::event!(
        name: "tracks.conversion",
        target: "tower_tracks::events",
        tracing::Level::INFO,
        tracks.goal = conversion.goal().as_str(),
        tracks.value = conversion.micros(),
        tracks.id = &*Hex(id).to_string(),
        feature_flag.context.id = &*unit.to_string(),
        tracks.at = Timestamp::from(conversion.at()).as_micros(),
    );
}

/// Emits the event of an alias.
fn tell_alias(visitor: Unit, user: Unit, at: Timestamp) {
    tracing::event!(
        name: "tracks.alias",
        target: "tower_tracks::events",
        tracing::Level::INFO,
        feature_flag.context.id = &*visitor.to_string(),
        tracks.user = &*user.to_string(),
        tracks.at = at.as_micros(),
    );
}

/// Returns the reason as the conventions call it.
fn reason(reason: Reason) -> &'static str {
    match reason {
        Reason::Bucketed => "split",
        Reason::Forced | Reason::Pinned => "targeting_match",
        // An exposure is of one who is in a track, and so these have none.
        _ => "unknown",
    }
}

impl Sink for FeatureFlagEvents {
    fn name(&self) -> &str {
        "feature-flag-events"
    }

    fn write(&mut self, records: &[Record]) -> Result<Taken, SinkError> {
        for record in records {
            match record {
                Record::Exposure { exposure, unit } => self.exposure(exposure, *unit),
                Record::Conversion {
                    conversion,
                    unit,
                    id,
                } => tell_conversion(conversion, *unit, *id),
                Record::Alias {
                    alias,
                    visitor,
                    user,
                } => tell_alias(*visitor, *user, alias.at().into()),
            }
        }
        Ok(Taken::all(records))
    }
}

impl Default for FeatureFlagEvents {
    fn default() -> Self {
        Self::new()
    }
}
