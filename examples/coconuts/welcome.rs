//! What the shop prints when it opens.

use super::{operate, results};

pub(super) fn print(shop: &str, links: &str, has_traffic: bool) {
    let (name, password) = results::LOGIN;
    let (hints, second_instance) = (operate::hints(), operate::second_instance());
    let visitors = visitors(has_traffic);
    println!(
        "\
The coconut shop is open: {shop}

  /          explains the tests; reads no track: neither header nor cookie
  /coconuts  reads the track that was chosen, and acts on it; a purchase reaches a goal
  /login     makes you a VIP, who is in no test; /logout ends that
  /results   is for the owner: name {name}, password {password}

{visitors}
Which track am I in? The pages do not say. The header `tracks-exposure` does. Try this twice, for
the same track, and without the jar, for others:

  curl -i -c jar -b jar {shop}/coconuts

Be a VIP, and try again: no header, no wait, the usual prices.

  curl -i -c jar -b jar -X POST {shop}/login

See another track than yours, without being counted, until /coconuts?tracks=clear:

{links}
The test `banner` starts with 10% of the visitors. In another terminal, pause it, resume it, raise
its share by the clock, ship the winner to everybody, and list the changes:

{hints}
Start a second instance of the shop. A change reaches both within three seconds:

{second_instance}
Ctrl-C closes the shop.
"
    );
}

/// Returns where visitors come from.
fn visitors(has_traffic: bool) -> String {
    match has_traffic {
        true => "\
Visitors are coming. In about a minute, /results has a verdict on the test `delay`. The log below
omits what visitors do; RUST_LOG=info includes it.
"
        .to_owned(),
        false => format!(
            "\
There are no visitors yet. Start the shop with TRAFFIC=1, or send visitors from another terminal.
In about a minute, /results then has a verdict on the test `delay`:

{}",
            operate::traffic()
        ),
    }
}
