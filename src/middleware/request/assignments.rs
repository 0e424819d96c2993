use std::{fmt, sync::Arc};

use http::request::Parts;

use crate::assign::Set;

use super::{assignment::Assignment, goals::Goals, request::Request};
use crate::middleware::settings::Settings;

/// The choices of all groups for a request.
///
/// In axum it is an extractor. Other services find it in the request's extensions. Cloning it is cheap.
/// Having it is not an exposure; reading a track from one of its [`Assignment`]s is.
///
/// If layers are nested, the groups of the inner one come first.
#[derive(Clone)]
pub struct Assignments(pub(crate) Arc<Request>);

impl Assignments {
    /// Returns the assignment of each group, those of an inner layer first.
    pub fn iter(&self) -> impl Iterator<Item = Assignment> {
        self.layers().flat_map(|layer| {
            let indices = 0..layer.settings.groups.len();
            indices.map(move |index| Assignment::new(Arc::clone(layer), index))
        })
    }

    /// Returns the assignment of the group with this name. A group of one set has the name of the set. If
    /// no layer has the name, a warning is logged once.
    pub fn get(&self, group: &str) -> Option<Assignment> {
        let found = self.iter().find(|assignment| assignment.group() == group);
        if found.is_none() {
            let names = || self.iter().map(|one| one.group().to_owned()).collect();
            self.0.settings.warnings.unknown_group(group, names);
        }
        found
    }

    /// Reads the value that the chosen track carries, in the first group whose chosen set carries a
    /// `T`.
    ///
    /// It is an exposure in that group. Use it if the value may be of any group: [`Assignment::value`]
    /// knows only the group that the layer was made with.
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

    /// Runs the chosen track of every group that has one for an `X`.
    ///
    /// Each of them is an exposure. See [`Assignment::run`].
    pub fn run<X: 'static>(&self, argument: &mut X) {
        self.iter().for_each(|assignment| assignment.run(argument));
    }

    /// Runs the chosen async track of every group that has one for an `X`, one after the
    /// other.
    ///
    /// Each of them is an exposure. See [`Assignment::run_async`].
    pub async fn run_async<X: 'static>(&self, argument: &mut X) {
        let assignments: Vec<Assignment> = self.iter().collect();
        for assignment in assignments {
            assignment.run_async(argument).await;
        }
    }

    /// Returns the goals of the request's units.
    pub fn goals(&self) -> Goals {
        Goals::new(Arc::clone(&self.0))
    }

    /// Returns the assignments in a handler's request, and warns of a key that came too late.
    #[cfg(feature = "axum")]
    pub(crate) fn of(parts: &Parts) -> Option<&Self> {
        let assignments: &Self = parts.extensions.get()?;
        for layer in assignments.layers() {
            layer.warn_of_late_keys(parts);
        }
        Some(assignments)
    }

    /// Returns this layer's assignments, and those of the layers around it.
    pub(crate) fn layers(&self) -> impl Iterator<Item = &Arc<Request>> {
        self.0.layers()
    }

    /// Assigns a request; `None` when this very layer already did.
    pub(crate) fn begin(settings: &Arc<Settings>, parts: &mut Parts) -> Option<Self> {
        let outer = parts.extensions.get::<Self>();
        let outer = outer.map(|outer| Arc::clone(&outer.0));
        if let Some(outer) = &outer {
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
    /// Returns the assignment of the group that the innermost layer was made with.
    pub fn first(assignments: &Assignments) -> Self {
        Self::new(Arc::clone(&assignments.0), 0)
    }
}

/// Warns, once, about sets that an outer layer has as well.
fn warn_of_sets_held_twice(settings: &Settings, outer: &Arc<Request>) {
    let outer = outer.layers().flat_map(|layer| layer.settings.sets());
    let is_ours = |set: &&Set| settings.sets().any(|ours| ours.name() == set.name());
    let held_twice = || outer.filter(is_ours).map(Set::name);
    settings.warnings.held_twice(held_twice);
}

impl fmt::Debug for Assignments {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let choices = self
            .layers()
            .flat_map(|layer| layer.entries.iter().map(|entry| layer.choice(entry)));
        f.debug_list().entries(choices).finish()
    }
}
