use std::{
    future::pending,
    io::{self, ErrorKind::WouldBlock},
    sync::{Arc, Mutex},
    time::Duration,
};

use tokio::{
    net::{
        TcpStream,
        tcp::{OwnedReadHalf, OwnedWriteHalf},
    },
    sync::Notify,
    time::sleep,
};

use super::{
    fault::{Fault, Way},
    shared::Shared,
};

/// How much of what was sent is remembered, so that a text is found that came in two parts.
const TAIL: usize = 256;

/// A connection through the proxy.
#[derive(Default)]
pub(super) struct Line {
    state: Mutex<State>,
    cut: Notify,
}

#[derive(Default)]
struct State {
    is_lost_to_server: bool,
    is_lost_to_client: bool,
    delay: Duration,
}

impl Line {
    pub(super) fn suffer(&self, fault: Fault) {
        let mut state = self.state.lock().unwrap();
        match fault {
            Fault::Swallow(way) => {
                state.is_lost_to_server |= way.includes(Way::ToServer);
                state.is_lost_to_client |= way.includes(Way::ToClient);
            }
            Fault::Delay(delay) => state.delay = delay,
            Fault::Cut => self.cut.notify_one(),
        }
    }

    fn swallows(&self, way: Way) -> bool {
        let state = self.state.lock().unwrap();
        match way {
            Way::ToServer => state.is_lost_to_server,
            Way::ToClient => state.is_lost_to_client,
            Way::Both => state.is_lost_to_server && state.is_lost_to_client,
        }
    }

    fn delay(&self) -> Duration {
        self.state.lock().unwrap().delay
    }
}

/// Carries a connection to the server until it ends.
pub(super) async fn serve(client: TcpStream, shared: Arc<Shared>) {
    let line = shared.open();
    let carried = async {
        let Ok(server) = TcpStream::connect(shared.server).await else {
            return;
        };
        for stream in [&client, &server] {
            stream.set_nodelay(true).unwrap();
        }
        let ((from_client, to_client), (from_server, to_server)) =
            (client.into_split(), server.into_split());
        tokio::join!(
            carry((from_client, to_server), (&line, Way::ToServer), &shared),
            carry((from_server, to_client), (&line, Way::ToClient), &shared),
        );
    };
    tokio::select! {
        biased;
        () = line.cut.notified() => {}
        () = carried => {}
    }
}

/// Carries what is sent one way. The end of one side is seen by the other, unless it is swallowed.
async fn carry(
    (from, to): (OwnedReadHalf, OwnedWriteHalf),
    (line, way): (&Line, Way),
    shared: &Shared,
) {
    let (mut packet, mut sent) = (vec![0; 16 * 1024], Vec::new());
    while let Ok(length @ 1..) = read(&from, &mut packet).await {
        sent.drain(..sent.len().saturating_sub(TAIL));
        let before = sent.len();
        sent.extend_from_slice(&packet[..length]);
        shared.packet(line, way, (&sent, before));
        // Where this packet has the connection cut, it is not carried.
        tokio::task::yield_now().await;
        sleep(line.delay()).await;
        if !line.swallows(way) && write(&to, &packet[..length]).await.is_err() {
            break;
        }
    }
    if line.swallows(way) {
        pending::<()>().await;
    }
}

async fn read(from: &OwnedReadHalf, packet: &mut [u8]) -> io::Result<usize> {
    loop {
        from.readable().await?;
        match from.try_read(packet) {
            Err(error) if error.kind() == WouldBlock => {}
            done => return done,
        }
    }
}

async fn write(to: &OwnedWriteHalf, mut packet: &[u8]) -> io::Result<()> {
    while !packet.is_empty() {
        to.writable().await?;
        match to.try_write(packet) {
            Err(error) if error.kind() == WouldBlock => {}
            Err(error) => return Err(error),
            Ok(written) => packet = &packet[written..],
        }
    }
    Ok(())
}
