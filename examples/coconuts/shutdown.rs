//! When to close the shop.

use std::io;

use tokio::signal;

/// Returns a future that ends at the first Ctrl-C, or at the first SIGTERM, which is how
/// service managers and containers ask.
#[cfg(unix)]
pub(super) fn requested() -> io::Result<impl Future<Output = ()> + Send + 'static> {
    use signal::unix::{SignalKind, signal};

    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
    })
}

/// Returns a future that ends at the first Ctrl-C.
#[cfg(not(unix))]
pub(super) fn requested() -> io::Result<impl Future<Output = ()> + Send + 'static> {
    Ok(async {
        if let Err(error) = signal::ctrl_c().await {
            tracing::error!("cannot listen for Ctrl-C: {error}");
        }
    })
}
