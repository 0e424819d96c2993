use std::fmt;

use serde_json::{Map, Value};

/// What a service says about a visitor: the context of OpenFeature.
///
/// [`Ofrep::context`](crate::ofrep::Ofrep::context) turns it into a type of the application. `Debug` shows the names of
/// the attributes alone, since their values may identify a person.
///
/// ```
/// use tower_tracks::{SimpleTrackSet, TracksLayer, ofrep::Ofrep};
///
/// #[derive(Clone)]
/// struct Session {
///     country: Option<String>,
///     is_vip: bool,
/// }
///
/// let pricing = SimpleTrackSet::new("pricing").track("cheap", 49).build()?;
/// let ofrep = Ofrep::new(&TracksLayer::new(pricing)).context(|context| Session {
///     country: context.text("country").map(str::to_owned),
///     is_vip: context.boolean("vip").unwrap_or_default(),
/// });
/// # Ok::<(), tower_tracks::DefinitionError>(())
/// ```
#[derive(Clone, Default)]
pub struct EvaluationContext(pub(super) Map<String, Value>);

/// The attribute that names the key.
pub(super) const TARGETING_KEY: &str = "targetingKey";

impl EvaluationContext {
    /// Returns the `targetingKey`, if it is a text.
    pub fn targeting_key(&self) -> Option<&str> {
        self.text(TARGETING_KEY)
    }

    /// Returns an attribute that is a text.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.0.get(name)?.as_str()
    }

    /// Returns an attribute that is true or false.
    pub fn boolean(&self, name: &str) -> Option<bool> {
        self.0.get(name)?.as_bool()
    }

    /// Returns an attribute that is a whole number from -2⁶³ to 2⁶³ - 1.
    pub fn integer(&self, name: &str) -> Option<i64> {
        self.0.get(name)?.as_i64()
    }

    /// Returns an attribute that is a number, whole or not.
    pub fn number(&self, name: &str) -> Option<f64> {
        self.0.get(name)?.as_f64()
    }
}

impl fmt::Debug for EvaluationContext {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.0.keys()).finish()
    }
}
