//! The choices of all groups of all layers around a handler.
//!
//! Nested layers are a linked list from the inside out: each request has an `Arc` of the request of the
//! layer around it.

use std::{fmt, sync::Arc};

use http::request::Parts;

use crate::assign::Set;

#[cfg(feature = "ofrep")]
use super::told::ToldKeys;
use super::{assignment::Assignment, goals::Goals, request::Request};
use crate::middleware::settings::Settings;

/// The choices of all groups for a request.
///
/// In axum it is an extractor. Other services find it in the request's extensions. Cloning it is cheap.
/// Holding it is not an exposure. Reading a track from one of its [`Assignment`]s is an exposure.
///
/// If layers are nested, the groups of the inner one come first.
///
/// ```
/// use tower_tracks::Assignments;
///
/// async fn page(tracks: Assignments) -> &'static str {
///     let delay = tracks.get("delay");
///     match delay.as_ref().and_then(|delay| delay.track()) {
///         Some("short") => "a quick page",
///         _ => "a page",
///     }
/// }
/// ```
#[derive(Clone)]
pub struct Assignments(pub(crate) Arc<Request>);

impl Assignments {
    /// Returns the assignment of each group, those of an inner layer first.
    ///
    /// ```
    /// use tower_tracks::Assignments;
    ///
    /// /// Writes the choices into a log line, without an exposure.
    /// async fn page(tracks: Assignments) -> &'static str {
    ///     for choice in tracks.iter() {
    ///         eprint!("{} ", choice.peek());
    ///     }
    ///     "hello"
    /// }
    /// ```
    pub fn iter(&self) -> impl Iterator<Item = Assignment> {
        self.layers().flat_map(|layer| {
            let indices = 0..layer.settings.groups.len();
            indices.map(move |index| Assignment::new(Arc::clone(layer), index))
        })
    }

    /// Returns the assignment of the group with this name. A group of one set has the name of the set.
    /// If no layer has the name, a warning is logged once.
    ///
    /// ```
    /// use axum::{Router, body::Body, routing::get};
    /// use http::Request;
    /// use tower::ServiceExt;
    /// use tower_tracks::{Assignments, SimpleTrackSet, TracksLayer};
    ///
    /// async fn page(tracks: Assignments) -> String {
    ///     let banner = tracks.get("banner");
    ///     banner.map_or("no banner".into(), |banner| banner.to_string())
    /// }
    ///
    /// # tokio::runtime::Runtime::new()?.block_on(async {
    /// let delay = SimpleTrackSet::new("delay").track("short", 500).build()?;
    /// let banner = SimpleTrackSet::new("banner").track("blue", 0x0000ff).build()?;
    /// let layer = TracksLayer::new(delay).and(banner)?.pin("banner", "blue")?;
    /// let app = Router::new().route("/", get(page)).layer(layer);
    /// let response = app.oneshot(Request::get("/").body(Body::empty())?).await?;
    /// // Only the track that was read is in the header.
    /// assert_eq!(response.headers()["tracks-exposure"], "banner=blue");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// # })?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn get(&self, group: &str) -> Option<Assignment> {
        let found = self.iter().find(|assignment| assignment.group() == group);
        if found.is_none() {
            let names = self.iter().map(|one| one.group().to_owned());
            self.0.settings.warnings.unknown_group(group, names);
        }
        found
    }

    /// Reads the value that the chosen track carries, in the first group whose chosen set carries a
    /// `T`.
    ///
    /// It is an exposure in that group. Use it if the value may belong to any group. [`Assignment::value`]
    /// reads the value of its own group only.
    ///
    /// ```
    /// use tower_tracks::{Assignments, SimpleTrackSet, TracksLayer};
    ///
    /// #[derive(Debug)]
    /// struct Colour(&'static str);
    ///
    /// /// The banner is another group than the layer's first, and the handler need not know.
    /// async fn banner(tracks: Assignments) -> &'static str {
    ///     tracks.value::<Colour>().map_or("blue", |colour| colour.0)
    /// }
    ///
    /// let delay = SimpleTrackSet::new("delay").track("short", 500).build()?;
    /// let banner = SimpleTrackSet::new("banner").track("green", Colour("green")).build()?;
    /// let layer = TracksLayer::new(delay).and(banner)?;
    /// # Ok::<(), tower_tracks::DefinitionError>(())
    /// ```
    pub fn value<T: 'static>(&self) -> Option<&T> {
        let carrying = self.layers().find_map(|layer| {
            let mut entries = layer.entries.iter();
            let entry = entries.find(|entry| layer.carries::<T>(entry))?;
            Some((layer, entry))
        });
        let Some((request, entry)) = carrying else {
            // Each notes that the handler acts on the choice, or warns that nothing carries a `T`.
            for assignment in self.iter() {
                let _ = assignment.value::<T>();
            }
            return None;
        };
        request.read(entry);
        request.choice(entry).value()
    }

    /// Runs the chosen track of each group whose track takes an `X`.
    ///
    /// It is an exposure in each group whose chosen set has tracks that take an `X`. See [`Assignment::run`].
    ///
    /// ```
    /// use tower_tracks::{Assignments, SimpleTrackSet, TracksLayer};
    ///
    /// /// The price of a coconut, which two independent tests change.
    /// async fn price(tracks: Assignments) -> String {
    ///     let mut price = 50_i64;
    ///     tracks.run(&mut price);
    ///     price.to_string()
    /// }
    ///
    /// let season = SimpleTrackSet::new("season").run("summer", |price: &mut i64| *price += 2);
    /// let pricing = SimpleTrackSet::new("pricing").run("cheap", |price: &mut i64| *price -= 1);
    /// let layer = TracksLayer::new(season.build()?).and(pricing.build()?)?;
    /// # Ok::<(), tower_tracks::DefinitionError>(())
    /// ```
    pub fn run<X: 'static>(&self, argument: &mut X) {
        self.iter().for_each(|assignment| assignment.run(argument));
    }

    /// Runs the chosen async track of each group whose track takes an `X`, one after the other.
    ///
    /// It is an exposure in each group whose chosen set has async tracks that take an `X`. See
    /// [`Assignment::run_async`].
    ///
    /// ```
    /// use tower_tracks::Assignments;
    ///
    /// struct Page(String);
    ///
    /// async fn coconut(tracks: Assignments) -> String {
    ///     let mut page = Page("A coconut is 50. ".into());
    ///     tracks.run_async(&mut page).await;
    ///     page.0
    /// }
    /// ```
    pub async fn run_async<X: 'static>(&self, argument: &mut X) {
        let assignments: Vec<Assignment> = self.iter().collect();
        for assignment in assignments {
            assignment.run_async(argument).await;
        }
    }

    /// Returns the goals of the request's units.
    ///
    /// In axum, [`Goals`] is an extractor of its own. Other services use this method.
    ///
    /// ```
    /// use http::Request;
    /// use tower_tracks::Assignments;
    ///
    /// fn order<B>(request: &Request<B>) {
    ///     if let Some(tracks) = request.extensions().get::<Assignments>() {
    ///         let recorded = tracks.goals().reached("purchase").value(19.90).once("order 17");
    ///         debug_assert_eq!(recorded, Ok(()));
    ///     }
    /// }
    /// ```
    pub fn goals(&self) -> Goals {
        Goals(Arc::clone(&self.0))
    }

    /// Returns this layer's assignments, and those of the layers around it.
    pub(crate) fn layers(&self) -> impl Iterator<Item = &Arc<Request>> {
        self.0.layers()
    }

    /// Assigns a request of another program, for the keys that it tells. Layers around this one have assigned the
    /// program itself, which is no visitor.
    #[cfg(feature = "ofrep")]
    pub(crate) fn begin_told(settings: &Arc<Settings>, parts: &Parts, told: &ToldKeys) -> Self {
        Self(Arc::new(Request::told(settings, parts, told)))
    }

    /// Assigns a request whatever layers around this one did, which may be this very layer.
    #[cfg(feature = "ofrep")]
    pub(crate) fn begin_apart(settings: &Arc<Settings>, parts: &Parts) -> Self {
        Self(Arc::new(Request::new(settings, parts, None)))
    }

    /// Assigns a request; `None` when this very layer already did, because a router has it twice.
    ///
    /// The assignments of the inner layer replace those of the outer one in the extensions, and link to
    /// them.
    pub(crate) fn begin(settings: &Arc<Settings>, parts: &mut Parts) -> Option<Self> {
        let outer = parts.extensions.get::<Self>();
        let outer = outer.map(|outer| Arc::clone(&outer.0));
        if let Some(outer) = &outer {
            // By the address, because two layers with equal settings are two layers.
            let is_same = |layer: &Arc<Request>| Arc::ptr_eq(&layer.settings, settings);
            if outer.layers().any(is_same) {
                return None;
            }
            warn_of_sets_held_twice(settings, outer);
        }
        let assignments = Self(Arc::new(Request::new(settings, parts, outer)));
        parts.extensions.insert(assignments.clone());
        Some(assignments)
    }
}

impl Assignment {
    /// Returns the assignment of the group that was passed to [`TracksLayer::new`](crate::TracksLayer::new)
    /// of the innermost layer.
    ///
    /// In axum, it is the extractor [`Assignment`](crate::Assignment). Other services use this
    /// function.
    ///
    /// ```
    /// use http::Request;
    /// use tower_tracks::{Assignment, Assignments};
    ///
    /// fn track<B>(request: &Request<B>) -> Option<String> {
    ///     let assignments = request.extensions().get::<Assignments>()?;
    ///     Assignment::first(assignments).track().map(str::to_owned)
    /// }
    /// ```
    pub fn first(assignments: &Assignments) -> Self {
        Self::new(Arc::clone(&assignments.0), 0)
    }
}

/// Warns, once, about sets that an outer layer has as well.
fn warn_of_sets_held_twice(settings: &Settings, outer: &Arc<Request>) {
    let outer = outer.layers().flat_map(|layer| layer.settings.sets());
    let is_ours = |set: &&Set| settings.sets().any(|ours| ours.name() == set.name());
    let held_twice = outer.filter(is_ours);
    settings.warnings.held_twice(held_twice.map(Set::name));
}

impl fmt::Debug for Assignments {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let choices = self
            .layers()
            .flat_map(|layer| layer.entries.iter().map(|entry| layer.choice(entry)));
        f.debug_list().entries(choices).finish()
    }
}
