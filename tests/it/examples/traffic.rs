//! Visitors of the shop: those that it sends itself, and those of the example `traffic`.

use std::{
    collections::HashSet,
    fs,
    process::Command,
    thread,
    time::{Duration, Instant},
};

use tower_tracks::unit::Unit;

use super::{
    binary,
    open_shop::Shop,
    records::{Contents, Records},
};

#[test]
fn the_shop_sends_itself_visitors() {
    let mut shop = Shop::open_with(&[("TRAFFIC", "1"), ("VISITORS", "250")]);
    shop.logs("The traffic begins: 250 visitors of seed 1");
    let lines = shop.logs_until("The traffic has ended: ");
    assert!(lines.iter().all(|line| !line.contains("exposure set=")));
    let [visitors, buyers] = numbers(&lines[lines.len() - 1]);
    shop.logs(&format!("Compare them with {}/results", shop.origin()));
    close(&mut shop);
    let contents = shop.records.contents();
    assert_eq!((visitors, buyers), (250, contents.conversions.len()));
    assert!(buyers > 0);
    // Each visitor is in `delay` or in `pricing`.
    assert_eq!(units(&contents).len(), visitors);
}

#[test]
fn sigterm_closes_the_shop_while_visitors_come() {
    let mut shop = Shop::open_with(&[("TRAFFIC", "1"), ("VISITORS", "1000000")]);
    let address = shop.records.address_path();
    assert_eq!(fs::read_to_string(&address).unwrap(), shop.origin());
    wait_until(|| !shop.records.contents().conversions.is_empty());
    shop.terminate();
    let [visitors, buyers] = numbers(&shop.logs("The traffic has ended: "));
    assert_eq!(shop.wait().code(), Some(0));
    let closed = shop.logs("The coconut shop is closed.");
    assert!(closed.contains(" 0 dropped"), "{closed}");
    // Visitors in the shop have finished.
    let contents = shop.records.contents();
    assert_eq!(units(&contents).len(), visitors);
    assert_eq!(contents.conversions.len(), buyers);
    assert!(!address.exists());
}

#[test]
fn traffic_is_off_unless_it_is_set_to_1() {
    for value in ["", "0"] {
        let mut shop = Shop::open_with(&[("TRAFFIC", value)]);
        shop.logs("There are no visitors yet");
        shop.terminate();
        assert_eq!(shop.wait().code(), Some(0));
        let lines = shop.logs_until("The coconut shop is closed.");
        assert!(lines.iter().all(|line| !line.contains("traffic begins")));
    }
}

#[test]
fn an_unknown_value_of_traffic_is_a_clear_error() {
    for value in ["2", "yes", " 1"] {
        let records = Records::new();
        let mut command = binary::command("coconuts");
        command
            .env("PORT", "0")
            .env("SHOP_DATABASE", records.path())
            .env("TRAFFIC", value);
        let stderr = binary::refused(&mut command);
        let error =
            format!("coconuts: TRAFFIC is {value:?}; set 1 to send visitors to the shop, or 0\n");
        assert_eq!(stderr, error);
    }
}

#[test]
fn the_traffic_finds_the_shop_beside_its_database() {
    let mut shop = Shop::open();
    let stdout = printed(traffic(&shop.records, &[("VISITORS", "40")]));
    let (begin, rest) = stdout.split_once('\n').unwrap();
    assert!(
        begin.ends_with(&format!(" to {}", shop.origin())),
        "{begin}"
    );
    let [visitors, buyers] = numbers(rest);
    close(&mut shop);
    let contents = shop.records.contents();
    assert_eq!(visitors, 40);
    assert_eq!(units(&contents).len(), visitors);
    assert_eq!(contents.conversions.len(), buyers);
}

#[test]
fn a_named_shop_precedes_the_one_beside_the_database() {
    let [beside, named] = [Shop::open(), Shop::open()];
    let settings = [
        vec![("PORT", named.port())],
        vec![("SHOP", named.origin()), ("PORT", beside.port())],
    ];
    for mut settings in settings {
        settings.push(("VISITORS", "1"));
        let stdout = printed(traffic(&beside.records, &settings));
        assert!(
            stdout.contains(&format!(" to {}\n", named.origin())),
            "{stdout}"
        );
    }
}

#[test]
fn the_address_of_a_later_instance_stays_when_an_earlier_one_closes() {
    let mut first = Shop::open();
    let second = first.open_beside();
    close(&mut first);
    let address = fs::read_to_string(first.records.address_path()).unwrap();
    assert_eq!(address, second.origin());
}

#[test]
fn the_address_of_a_closed_shop_is_a_clear_error() {
    let records = Records::new();
    // No program of a user listens on port 1.
    fs::write(records.address_path(), "http://127.0.0.1:1").unwrap();
    let stderr = binary::refused(&mut traffic(&records, &[]));
    let path = records.address_path();
    let begin = format!(
        "traffic: there is no shop at http://127.0.0.1:1, the address in {} (",
        path.display()
    );
    assert!(stderr.starts_with(&begin), "{stderr}");
    let end = "); start one with `cargo run --example coconuts`\n";
    assert!(stderr.ends_with(end), "{stderr}");
}

/// Returns the command of the example `traffic` beside a database.
fn traffic(records: &Records, settings: &[(&str, &str)]) -> Command {
    let mut command = binary::command("traffic");
    command
        .env("SHOP_DATABASE", records.path())
        .envs(settings.iter().copied());
    command
}

/// Runs a program that succeeds, and returns what it prints.
#[track_caller]
fn printed(mut command: Command) -> String {
    let output = command.output().unwrap();
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{stderr}");
    String::from_utf8(output.stdout).unwrap()
}

/// Returns the numbers of visitors and of buyers.
#[track_caller]
fn numbers(text: &str) -> [usize; 2] {
    let words: Vec<&str> = text.split_whitespace().collect();
    let at = words.iter().position(|word| *word == "visitors,");
    let at = at.expect("a number of visitors");
    [words[at - 1], words[at + 1]].map(|word| word.parse().unwrap())
}

fn units(contents: &Contents) -> HashSet<Unit> {
    contents.exposures.iter().map(|(_, unit)| *unit).collect()
}

#[track_caller]
fn close(shop: &mut Shop) {
    shop.terminate();
    assert_eq!(shop.wait().code(), Some(0));
}

#[track_caller]
fn wait_until(is_so: impl Fn() -> bool) {
    let deadline = Instant::now() + Duration::from_secs(20);
    while !is_so() {
        assert!(Instant::now() < deadline, "it takes too long");
        thread::sleep(Duration::from_millis(100));
    }
}
