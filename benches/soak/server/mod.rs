//! The server that a soak drives: an application with a layer, and recorders of three sinks.
//!
//! Commands come by standard input, a line each, and answers go by standard output.

mod app;
mod bulk;
mod gate;
mod message;
mod recorders;

use std::{
    io::{BufRead, Write, stdin, stdout},
    process,
    sync::Arc,
};

use tokio::runtime::Runtime;

use self::{app::App, bulk::Bulk, recorders::Recorders};
pub(super) use self::{
    message::{Answer, Settings, Sink},
    recorders::SCHEMA,
};

/// Serves until a request to shut down, or until its parent process has ended.
pub(super) fn serve(settings: &Settings) -> ! {
    let runtime = Runtime::new().unwrap();
    let recorders = Arc::new(Recorders::start(settings, runtime.handle()));
    let app = App::new(&recorders);
    let address = runtime.block_on(app.listen());
    let bulk = Bulk::start(settings, &app, &recorders);
    say(&address.to_string());
    for command in stdin().lock().lines().map_while(Result::ok) {
        match command.split_once(' ').unwrap_or((&command, "")) {
            ("clock", seconds) => say(app.jump(seconds.parse().unwrap())),
            ("hang", is_hung) => say(recorders.hang(is_hung == "1")),
            ("flush", _) => say(&flush(&recorders, &bulk).write()),
            ("shutdown", _) => {
                let told = bulk.end();
                say(&recorders.shutdown(told).write());
                break;
            }
            _ => say("an unknown command"),
        }
    }
    process::exit(0);
}

fn flush(recorders: &Recorders, bulk: &Bulk) -> Answer {
    // Before the flush, which writes the events up to this number.
    let told = bulk.told();
    recorders.flush(told)
}

fn say(line: &str) {
    let mut stdout = stdout().lock();
    let said = writeln!(stdout, "{line}").and_then(|()| stdout.flush());
    // The parent process has ended.
    said.unwrap_or_else(|_| process::exit(0));
}
