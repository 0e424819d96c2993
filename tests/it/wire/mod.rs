//! A TCP proxy that delays, swallows or cuts connections, on request of a test or at random.

mod chance;
mod fault;
mod line;
mod shared;

use std::{
    net::{SocketAddr, TcpListener},
    sync::Arc,
    time::Duration,
};

use tokio::runtime::{Builder, Runtime};

pub(crate) use self::{
    chance::Chance,
    fault::{Fault, Way},
};
use self::{line::serve, shared::Shared};

/// How long a test waits for a fault.
const LONG: Duration = Duration::from_secs(60);

/// A proxy on a port of this machine. When it is dropped its connections end.
pub(crate) struct Wire {
    address: SocketAddr,
    shared: Arc<Shared>,
    _runtime: Runtime,
}

impl Wire {
    /// Starts a proxy before a server.
    pub(crate) fn to(server: SocketAddr) -> Self {
        let mut builder = Builder::new_multi_thread();
        let runtime = builder.worker_threads(1).enable_all().build().unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        listener.set_nonblocking(true).unwrap();
        let (address, shared) = (
            listener.local_addr().unwrap(),
            Arc::new(Shared::new(server)),
        );
        let accepting = accept(listener, Arc::clone(&shared));
        runtime.spawn(accepting);
        Self {
            address,
            shared,
            _runtime: runtime,
        }
    }

    /// Starts a proxy before the server of a URI, and returns it with a URI through it.
    pub(crate) fn before(uri: &str) -> (Self, String) {
        let (before, after) = uri.split_once('@').unwrap();
        let (server, path) = after.split_once('/').unwrap();
        let wire = Self::to(server.parse().unwrap());
        let through = format!("{before}@{}/{path}", wire.address);
        (wire, through)
    }

    /// Has a fault strike the first connection whose client sends this text, as soon as it does.
    pub(crate) fn strike_at(&self, text: &'static str, fault: Fault) {
        self.shared.rules().text = Some((text, fault));
    }

    /// Has a fault strike all connections that there are.
    pub(crate) fn strike_all(&self, fault: Fault) {
        self.shared.strike_all(fault);
    }

    /// Has a fault strike every connection that is made from now on, or none.
    pub(crate) fn strike_new(&self, fault: Option<Fault>) {
        self.shared.rules().new = fault;
    }

    /// Has faults strike by chance from now on, or none.
    pub(crate) fn strike_by(&self, chance: Option<Chance>) {
        self.shared.rules().chance = chance;
    }

    /// Returns how many connections were made.
    pub(crate) fn connections(&self) -> usize {
        self.shared.connections()
    }

    /// Returns how many faults struck.
    pub(crate) fn faults(&self) -> usize {
        self.shared.faults()
    }

    /// Waits until so many faults struck.
    #[track_caller]
    pub(crate) fn wait_for_faults(&self, count: usize) {
        let struck = self.shared.wait_for_faults(count, LONG);
        assert!(struck >= count, "{struck} faults struck, not {count}");
    }
}

async fn accept(listener: TcpListener, shared: Arc<Shared>) {
    let listener = tokio::net::TcpListener::from_std(listener).unwrap();
    while let Ok((client, _)) = listener.accept().await {
        tokio::spawn(serve(client, Arc::clone(&shared)));
    }
}
