//! A server that is killed while a recorder writes, and comes back with what it had; and a program that is killed
//! while it records.

use std::{
    env,
    io::{BufRead, BufReader},
    process::{Command, Stdio},
    thread,
    time::Duration,
};

use tower_tracks::store::{ClickHouse, Store};

use super::{
    database::Database,
    facts::{builder, report, written},
    server::Server,
};

/// In the environment of a program that is killed: the URL of its store.
const STORE: &str = "TRACKS_TEST_CLICKHOUSE_KILLED";

/// The number of visitors between two flushes.
const ROUND: u64 = 100;

#[test]
fn a_killed_server_loses_no_event() {
    let Some(mut server) = Server::new("killed") else {
        return;
    };
    let database = Database::at(server.url());
    let recorder = builder().store(database.store()).start().unwrap();
    let mut reported = 0;
    for turn in 0..4 {
        report(&recorder, reported..reported + 200);
        reported += 200;
        // In the middle of a write, or between two.
        thread::sleep(Duration::from_millis(turn * 13));
        server.restart(Duration::from_millis(300));
    }
    let tally = written(&recorder);
    assert_eq!(
        (tally.dropped, tally.accepted),
        (0, 2 * reported),
        "{tally}"
    );
    assert_eq!(counted(&database), (reported, reported));
}

#[test]
fn a_killed_program_has_written_what_was_confirmed() {
    if let Ok(store) = env::var(STORE) {
        record_for_ever(&store);
    }
    for turn in 0..4 {
        let Some(database) = Database::new() else {
            return;
        };
        let confirmed = kill_after(&database.store_url(), Duration::from_millis(turn * 29));
        let (exposures, conversions) = counted(&database);
        let all = confirmed..=confirmed + ROUND;
        assert!(
            all.contains(&exposures) && all.contains(&conversions),
            "{exposures} exposures, {conversions} conversions, {confirmed} confirmed"
        );
        // Reported again by the next program, there is one of each.
        let recorder = builder().store(database.store()).start().unwrap();
        report(&recorder, 0..confirmed + ROUND);
        written(&recorder);
        let all = confirmed + ROUND;
        assert_eq!(counted(&database), (all, all));
    }
}

/// Reports one visitor after another, each with a purchase, and prints the confirmed number.
fn record_for_ever(store: &str) -> ! {
    let store = ClickHouse::connect(store).unwrap();
    let recorder = builder().store(store).start().unwrap();
    for round in 0.. {
        report(&recorder, round * ROUND..(round + 1) * ROUND);
        written(&recorder);
        // On a line of its own, whatever the test runner has begun.
        println!("\nconfirmed {}", (round + 1) * ROUND);
    }
    unreachable!("there are many rounds")
}

/// Starts this very test as another process, kills it, and returns how many visitors it said were confirmed.
fn kill_after(store: &str, moment: Duration) -> u64 {
    let test = "record::clickhouse::killed::a_killed_program_has_written_what_was_confirmed";
    let mut child = Command::new(env::current_exe().unwrap())
        .args([test, "--exact", "--nocapture"])
        .env(STORE, store)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let lines = lines.map_while(Result::ok);
    let mut confirmed =
        lines.filter_map(|line| line.strip_prefix("confirmed ")?.parse::<u64>().ok());
    let first = confirmed.nth(2).unwrap();
    thread::sleep(moment);
    child.kill().unwrap();
    child.wait().unwrap();
    confirmed.last().unwrap_or(first)
}

/// Counts the exposures and the conversions of a database.
fn counted(database: &Database) -> (u64, u64) {
    let (mut exposures, mut conversions) = (0, 0);
    let dump = database.store().dump(&mut |batch| {
        exposures += batch.exposures.len() as u64;
        conversions += batch.conversions.len() as u64;
        Ok(())
    });
    dump.unwrap();
    (exposures, conversions)
}
