//! The header for the next service.

use std::{collections::BTreeMap, sync::Arc};

use http::HeaderValue;

use crate::{assign::Reason, middleware::screening::Treatment};

use super::{
    carried::{LONGEST, MEMBER},
    content::{Content, PropagatedSet},
};
use crate::middleware::request::{Assignments, Entry, Request, Upstream};

impl Assignments {
    /// Returns the value of the header [`TRACKS_PROPAGATION`](crate::middleware::TRACKS_PROPAGATION) for a request
    /// to another service.
    ///
    /// It has the choices of these sets, each by its name or a former one, and the keys of all units of the request. An
    /// empty list passes the keys alone. A set that no layer has is left out, and a warning is logged
    /// once. A set that this service got from the service before and does not define is passed on as it came.
    ///
    /// It is not an exposure. The next service counts the exposure when it reads a track that was not read here
    /// before. So make the header after the tracks that the handler reads, and make one for each request.
    /// The response then depends on the choices, and a new visitor gets the cookie. Random keys are not
    /// passed.
    ///
    /// Returns `None` if no layer around the handler has [`propagate`](crate::TracksLayer::propagate), or if the
    /// value would have more than 8192 bytes. In both cases a warning is logged once. The value is marked as
    /// sensitive, so `Debug` does not show it.
    ///
    /// ```
    /// use axum::{Router, body::Body, routing::get};
    /// use http::Request;
    /// use tower::ServiceExt;
    /// use tower_tracks::{
    ///     Assignments, SimpleTrackSet, TracksLayer,
    ///     middleware::{Propagation, TRACKS_PROPAGATION},
    /// };
    ///
    /// async fn page(tracks: Assignments) -> &'static str {
    ///     let mut request = Request::get("http://prices.internal/coconut");
    ///     if let Some(value) = tracks.propagated(["pricing"]) {
    ///         request = request.header(TRACKS_PROPAGATION, value);
    ///     }
    ///     // … the request is sent …
    ///     # assert!(request.headers_ref().unwrap().contains_key("tracks-propagation"));
    ///     "hello"
    /// }
    ///
    /// # tokio::runtime::Runtime::new()?.block_on(async {
    /// let pricing = SimpleTrackSet::new("pricing").track("cheap", 49).build()?;
    /// let propagation = Propagation::new("sixteen random bytes, or more")?;
    /// let layer = TracksLayer::new(pricing).propagate(propagation);
    /// let app = Router::new().route("/", get(page)).layer(layer);
    /// let request = Request::get("/").header("user-agent", "Mozilla/5.0").body(Body::empty())?;
    /// let response = app.oneshot(request).await?;
    /// assert!(response.headers().contains_key("set-cookie"));
    /// assert!(!response.headers().contains_key("tracks-exposure"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// # })?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn propagated<'a>(&self, sets: impl IntoIterator<Item = &'a str>) -> Option<HeaderValue> {
        self.sealed(sets).and_then(sensitive)
    }

    /// Returns the same as a member of the header `baggage` of W3C: `tracks=…`.
    ///
    /// Use it if your clients pass on baggage but no other header. Libraries for traces may send baggage to services
    /// outside, and pass it on to all services behind the next one. [`propagated`](Self::propagated) documents the
    /// content. If a request has both, the next service takes the header.
    ///
    /// ```
    /// use http::{HeaderMap, HeaderName};
    /// use tower_tracks::Assignments;
    ///
    /// fn baggage(tracks: &Assignments, headers: &mut HeaderMap) {
    ///     if let Some(member) = tracks.propagated_baggage(["pricing"]) {
    ///         headers.append(HeaderName::from_static("baggage"), member);
    ///     }
    /// }
    /// ```
    pub fn propagated_baggage<'a>(
        &self,
        sets: impl IntoIterator<Item = &'a str>,
    ) -> Option<HeaderValue> {
        let sealed = self.sealed(sets)?;
        sensitive(format!("{MEMBER}={sealed}"))
    }

    fn sealed<'a>(&self, sets: impl IntoIterator<Item = &'a str>) -> Option<String> {
        let warnings = &self.0.settings.warnings;
        let mut layers = self.layers();
        let Some(propagation) = layers.find_map(|layer| layer.settings.propagates.as_ref()) else {
            warnings.unpropagated();
            return None;
        };
        let mut outgoing = Outgoing::new(self);
        for name in sets {
            if !outgoing.add(name) {
                warnings.unknown_propagated(name, outgoing.names());
            }
        }
        let expires = propagation.expiry(self.0.settings.clock.now());
        let sealed = propagation.seal(&outgoing.content(expires))?;
        if sealed.len() > LONGEST {
            warnings.long_propagation(sealed.len());
            return None;
        }
        Some(sealed)
    }
}

/// Returns the value for a header. Logs of requests do not show it.
fn sensitive(value: String) -> Option<HeaderValue> {
    let mut value = HeaderValue::try_from(value).ok()?;
    value.set_sensitive(true);
    Some(value)
}

/// What is passed from the layers around a handler.
struct Outgoing<'a> {
    layers: Vec<&'a Arc<Request>>,
    sets: Vec<PropagatedSet>,
}

impl<'a> Outgoing<'a> {
    fn new(assignments: &'a Assignments) -> Self {
        Self {
            layers: assignments.layers().collect(),
            sets: Vec::new(),
        }
    }

    /// Adds a set with the holdouts over it, and returns whether it is known.
    fn add(&mut self, name: &str) -> bool {
        let Some(passed) = self.own(name).or_else(|| self.as_it_came(name)) else {
            return false;
        };
        // Also ends the recursion, whatever the names of holdouts are.
        if self.sets.iter().all(|known| known.name != passed.name) {
            let holdouts = passed.holdouts.clone();
            self.sets.push(passed);
            for holdout in holdouts {
                self.add(&holdout);
            }
        }
        true
    }

    /// Returns the choice of a set that a layer defines, and notes that the response depends on it.
    fn own(&self, name: &str) -> Option<PropagatedSet> {
        self.layers.iter().find_map(|layer| {
            layer.entries.iter().find_map(|entry| {
                let mut sets = layer.settings.groups[entry.group].sets().iter();
                let set = sets.position(|set| set.is_named(name))?;
                entry.reading.look();
                passed(layer, entry, set)
            })
        })
    }

    /// Returns the choice of a set that the service before passed.
    fn as_it_came(&self, name: &str) -> Option<PropagatedSet> {
        let mut layers = self.layers.iter();
        let passed = layers.find_map(|layer| layer.accepted.as_ref()?.named(name))?;
        Some(passed.clone())
    }

    /// Returns the names of all sets that can be passed.
    fn names(&self) -> impl Iterator<Item = String> {
        let sets = self.layers.iter().flat_map(|layer| layer.settings.sets());
        sets.map(|set| set.name().to_owned())
    }

    fn content(self, expires: u64) -> Content {
        Content {
            expires,
            treatment: self.treatment(),
            keys: self.keys(),
            sets: self.sets,
        }
    }

    /// Returns the strictest treatment of all layers.
    fn treatment(&self) -> Treatment {
        let strictness = |treatment: &Treatment| match treatment {
            Treatment::Counted => 0,
            Treatment::Ephemeral => 1,
            Treatment::Excluded(_) => 2,
        };
        let treatments = self.layers.iter().map(|layer| layer.passed_treatment());
        let strictest = treatments.max_by_key(strictness);
        strictest.unwrap_or(Treatment::Counted)
    }

    /// Returns the keys by the kind of unit, those of an inner layer first. The response depends on them,
    /// so that a new visitor gets the cookie with the key that the next service counts.
    fn keys(&self) -> BTreeMap<String, String> {
        let mut keys = BTreeMap::new();
        for layer in &self.layers {
            layer.look_at_keys();
            for (kind, key) in layer.passed_keys() {
                keys.entry(kind.to_owned())
                    .or_insert_with(|| key.to_owned());
            }
        }
        keys
    }
}

/// Returns the choice of a set of a group, for the next service.
fn passed(layer: &Request, entry: &Entry, index: usize) -> Option<PropagatedSet> {
    let member = &layer.settings.groups[entry.group];
    let set = member.sets().set(index)?;
    let counted = layer.is_settled(entry);
    let accepted = layer.accepted.as_ref();
    if let Some(original) = accepted.and_then(|accepted| accepted.of(set))
        && entry.upstream != Upstream::None
    {
        let mut passed = original.clone();
        passed.counted |= counted;
        return Some(passed);
    }
    let choice = layer.choice(entry);
    let is_chosen = entry.pick.set == Some(index);
    let (track, segment) = (choice.track(), choice.segment());
    let holdouts = layer.settings.holdouts_over(entry.group);
    let name = |holdout: usize| {
        let name = layer.settings.groups[holdout].sets().set(0)?.name();
        Some(name.to_owned())
    };
    Some(PropagatedSet {
        name: set.name().to_owned(),
        phase: set.phase(),
        track: track.filter(|_| is_chosen).map(str::to_owned),
        reason: match entry.pick.set {
            // The group chose another of its sets.
            Some(_) if !is_chosen => Reason::Ineligible,
            _ => choice.reason(),
        },
        coin: choice.coin().filter(|_| is_chosen),
        segment: segment.filter(|_| is_chosen).map(str::to_owned),
        fingerprint: member.fingerprints.get(index)?.clone(),
        counted,
        holdouts: holdouts.filter_map(name).collect(),
    })
}
