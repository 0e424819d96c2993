//! A mail job without http: each reader gets the newsletter under one of several subjects.
//!
//! It needs no feature of the crate but the pure core:
//!
//! ```text
//! cargo run --example jobs --no-default-features
//! ```
//!
//! It shows a key of several parts, eligibility by a context of one's own, a run id from
//! random bytes that the program brings, and an exposure that is reported when the mail is sent.

use std::{error::Error, time::SystemTime};

use tower_tracks::{Exposure, Key, MultiTrackSet, Observe, SimpleTrackSet, assign::RunId};

const NEWSLETTER: &str = "weekly-coconut";
const USUAL_SUBJECT: &str = "This week at the coconut shop";

/// The line that a mail is sent under.
#[derive(Debug)]
struct Subject(&'static str);

/// The recipient of the mail, and the context that eligibility checks.
struct Reader {
    email: &'static str,
    wants_tests: bool,
}

const READERS: [Reader; 6] = [
    reader("ana@example.com", true),
    reader("bela@example.com", true),
    reader("chidi@example.com", true),
    reader("dora@example.com", false),
    reader("emeka@example.com", true),
    reader("hana@example.com", true),
];

fn main() -> Result<(), Box<dyn Error>> {
    let sets = subjects()?;
    // The observer must not block: a real one puts the exposure into a queue.
    let observer = |exposure: &Exposure| println!("  {}", describe(exposure));
    for (number, reader) in (1..).zip(&READERS) {
        // A real program asks the operating system for sixteen random bytes. These are the
        // same each time, so that the output is, too.
        send(&sets, reader, [number; 16], &observer);
    }
    Ok(())
}

fn subjects() -> Result<MultiTrackSet<Reader>, Box<dyn Error>> {
    let subject = SimpleTrackSet::new("subject")
        .track("question", Subject("Have you had a coconut this week?"))
        .track("bargain", Subject("Three coconuts for the price of two"))
        .eligible(|reader: &Reader| reader.wants_tests);
    Ok(subject.build()?)
}

/// Sends one mail, and reports its track to the observer.
fn send(sets: &MultiTrackSet<Reader>, reader: &Reader, random: [u8; 16], observer: &impl Observe) {
    // With the newsletter in the key, a reader of two of them is assigned in each anew.
    let key = Key::parts([NEWSLETTER, reader.email]);
    let choice = sets.assign(&key, reader);
    let subject = choice.value().map_or(USUAL_SUBJECT, |Subject(text)| text);
    println!("to {}: {subject}", reader.email);

    // There is none for a reader who is in no track.
    if let Some(exposure) = Exposure::new(choice, key, SystemTime::now()) {
        observer.observe(&exposure.of_run(RunId::from_random(random)));
    }
}

fn describe(exposure: &Exposure) -> String {
    let run_id = exposure.run_id().map(|run_id| format!(" run={run_id}"));
    format!("exposure {exposure}{}", run_id.unwrap_or_default())
}

const fn reader(email: &'static str, wants_tests: bool) -> Reader {
    Reader { email, wants_tests }
}
