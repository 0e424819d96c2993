use std::{
    fmt, io,
    path::PathBuf,
    sync::Arc,
    time::{Duration, Instant},
};

use crate::unit::{Secret, SecretError};

use super::{
    alert::Alert,
    cache::Cache,
    controls::Controls,
    known::Known,
    log::ChangeLog,
    poller::Poller,
    proposal::Rules,
    shared::{Settings, Shared},
};

/// The settings of [`Controls`], before they start.
#[must_use = "the controls begin with `start`"]
pub struct ControlsBuilder {
    log: Box<dyn ChangeLog>,
    settings: Settings,
}

impl Controls {
    /// Returns a builder of controls that follow a log.
    pub fn builder(log: impl ChangeLog + 'static) -> ControlsBuilder {
        ControlsBuilder::new(Box::new(log))
    }
}

impl ControlsBuilder {
    pub(super) fn new(log: Box<dyn ChangeLog>) -> Self {
        Self {
            log,
            settings: Settings {
                rules: Rules::default(),
                cache: None,
                notify: None,
                starts_paused: false,
            },
        }
    }

    /// Sets how often the log is read. Defaults to 2 seconds, from 10 milliseconds to an hour; a tenth of it is
    /// random, so that nodes do not read all at once.
    ///
    /// A change that enrols more units begins two intervals and a second after it was made, so that all
    /// nodes have read it. So set the same interval on all nodes.
    ///
    /// ```
    /// use std::time::Duration;
    /// use tower_tracks::control::{Controls, MemoryLog};
    ///
    /// let controls = Controls::builder(MemoryLog::default()).every(Duration::from_secs(1)).start()?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn every(mut self, every: Duration) -> Self {
        self.settings.rules.every =
            every.clamp(Duration::from_millis(10), Duration::from_secs(3600));
        self
    }

    /// Keeps the known changes in a file, for a start while the log cannot be read.
    ///
    /// The file is authenticated with a key that is derived from the secret: one that was edited is not
    /// used, and a warning is logged.
    ///
    /// # Errors
    ///
    /// If the secret is shorter than 16 bytes, or repeats one byte.
    ///
    /// ```
    /// use tower_tracks::control::{Controls, MemoryLog};
    ///
    /// let builder = Controls::builder(MemoryLog::default());
    /// assert!(builder.cache("/var/lib/shop/changes", "too short").is_err());
    /// ```
    pub fn cache(
        mut self,
        path: impl Into<PathBuf>,
        secret: impl AsRef<[u8]>,
    ) -> Result<Self, SecretError> {
        let secret = Secret::new(secret.as_ref())?;
        self.settings.cache = Some(Cache::new(path.into(), &secret));
        Ok(self)
    }

    /// Calls a closure with each [`Alert`].
    ///
    /// It is called on the thread that reads the log, on that which makes a change, or on that which computes
    /// reports: it should hand over its message, and not wait for a network. The example `webhook` posts
    /// alerts from a task of its own.
    ///
    /// ```
    /// use tower_tracks::control::{Controls, MemoryLog};
    ///
    /// let controls = Controls::builder(MemoryLog::default()).notify(|alert| println!("{alert}")).start()?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn notify(mut self, notify: impl Fn(&Alert) + Send + Sync + 'static) -> Self {
        self.settings.notify = Some(Box::new(notify));
        self
    }

    /// Requires that another person [approves](super::Control::approve) each change that enrols more units
    /// or ships a track. Changes that enrol fewer, such as a pause, never wait.
    ///
    /// Authors are distinguished by their names, so the application has to authenticate them.
    ///
    /// ```
    /// use tower_tracks::control::{Controls, MemoryLog};
    ///
    /// let controls = Controls::builder(MemoryLog::default()).two_people().start()?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn two_people(mut self) -> Self {
        self.settings.rules.two_people = true;
        self
    }

    /// Pauses every set until the log was read for the first time.
    ///
    /// Without it, a program that starts while the log cannot be read does what its
    /// [cache](Self::cache) says, or else its code.
    ///
    /// ```
    /// use tower_tracks::control::{Controls, MemoryLog};
    ///
    /// let controls = Controls::builder(MemoryLog::default()).start_paused().start()?;
    /// // The log was read, so nothing is paused any more.
    /// assert!(controls.is_loaded());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn start_paused(mut self) -> Self {
        self.settings.starts_paused = true;
        self
    }

    /// Reads the log, and starts the threads that follow it and the clock.
    ///
    /// If the log cannot be read, the controls start nevertheless; see
    /// [`Controls::is_loaded`].
    ///
    /// # Errors
    ///
    /// If there is no thread left.
    ///
    /// ```
    /// use tower_tracks::control::{Controls, MemoryLog};
    ///
    /// let controls = Controls::builder(MemoryLog::default()).start()?;
    /// assert!(controls.is_loaded());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn start(self) -> io::Result<Controls> {
        let known = self.known();
        let shared = Arc::new(Shared::new(self.log, known, self.settings));
        shared.refresh();
        let poller = Poller::start(&Arc::downgrade(&shared), shared.settings().rules.every)?;
        Ok(Controls::new(shared, poller))
    }

    /// Returns what the cache has, which is nothing where it cannot be used.
    fn known(&self) -> Known {
        let Some(cache) = &self.settings.cache else {
            return Known::default();
        };
        match cache.read() {
            Ok(None) => Known::default(),
            Ok(Some(cached)) => {
                Known::cached(cached.changes, cached.last, cached.at, Instant::now())
            }
            Err(error) => {
                let path = cache.path().display();
                crate::warn::warn(format_args!(
                    "the cache of changes {path} is not used: {error}"
                ));
                Known::default()
            }
        }
    }
}

impl fmt::Debug for ControlsBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ControlsBuilder")
            .field("every", &self.settings.rules.every)
            .finish_non_exhaustive()
    }
}
