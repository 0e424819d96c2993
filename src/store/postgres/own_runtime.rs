//! The store's own runtime, for an application whose runtime has one thread.

use std::{io, sync::mpsc, thread};

use tokio::runtime::{Builder, Handle};

/// A runtime on a thread of its own, until this is dropped.
pub(super) struct OwnRuntime {
    handle: Handle,
    /// Its thread waits until this is dropped.
    _open: oneshot::Sender<()>,
}

impl OwnRuntime {
    /// Starts the thread.
    ///
    /// The runtime is made there: one that is dropped by async code panics, as it would be where
    /// there is no thread.
    pub(super) fn start() -> io::Result<Self> {
        let (open, closed) = oneshot::channel();
        let (sender, made) = mpsc::channel();
        let drive = move || {
            let runtime = Builder::new_current_thread().enable_all().build();
            let handle = match &runtime {
                Ok(runtime) => Ok(runtime.handle().clone()),
                Err(error) => Err(error.kind()),
            };
            let _ = sender.send(handle);
            if let Ok(runtime) = runtime {
                // Nothing is ever sent: the wait ends when the sender is dropped.
                let _ = runtime.block_on(async { closed.await });
            }
        };
        let thread = thread::Builder::new().name("tracks-postgres".into());
        thread.spawn(drive)?;
        let made = made.recv().map_err(io::Error::other)?;
        Ok(Self {
            handle: made?,
            _open: open,
        })
    }

    /// Returns the handle of the runtime.
    pub(super) fn handle(&self) -> &Handle {
        &self.handle
    }
}
