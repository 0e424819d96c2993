use std::time::Duration;

/// What happens to a connection, from one moment on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fault {
    /// What is sent this way is lost, and neither side sees the connection end.
    Swallow(Way),
    /// What is sent comes as much later.
    Delay(Duration),
    /// Both sides see the connection end.
    Cut,
}

/// A direction of a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Way {
    ToServer,
    ToClient,
    Both,
}

impl Way {
    pub(super) fn includes(self, way: Self) -> bool {
        self == Self::Both || self == way
    }
}
