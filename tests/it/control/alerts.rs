use std::sync::{Arc, Mutex};

use tower_tracks::control::Alert;

/// Keeps the texts of alerts.
#[derive(Clone, Default)]
pub(super) struct Alerts(Arc<Mutex<Vec<String>>>);

impl Alerts {
    /// Returns a closure that keeps each alert.
    pub(super) fn keep(&self) -> impl Fn(&Alert) + Send + Sync + 'static {
        let Self(texts) = self.clone();
        move |alert| texts.lock().unwrap().push(alert.to_string())
    }

    pub(super) fn texts(&self) -> Vec<String> {
        self.0.lock().unwrap().clone()
    }
}
