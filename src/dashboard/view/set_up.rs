//! The counts of the layers, as sentences that explain why a test has no data.

use crate::{
    assign::Reason,
    figures::{count, plural},
    middleware::Counts,
};

/// Requests that a layer excluded, in words.
const EXCLUDED: [(Reason, &str, &str); 4] = [
    (Reason::Bot, "from a bot", "from bots"),
    (Reason::Speculative, "speculative load", "speculative loads"),
    (Reason::Excluded, "by the application", "by the application"),
    (Reason::NoConsent, "without consent", "without consent"),
];

/// Returns what the layers of this server have seen since it started, a sentence each.
///
/// Most mistakes of a first set-up leave a test without data, and these numbers distinguish them.
pub(in crate::dashboard) fn set_up(layers: &[Counts]) -> Vec<String> {
    layers.iter().flat_map(of_layer).collect()
}

/// Returns the sentences about one layer.
fn of_layer(layer: &Counts) -> Vec<String> {
    let requests = layer.requests();
    if requests == 0 {
        return vec![
            "No request has reached the layer since this server started. Put the layer around the \
             routes: `.layer(TracksLayer::new(…))` after the last `.route(…)`."
                .to_owned(),
        ];
    }
    let excluded: u64 = EXCLUDED.iter().map(|(why, ..)| layer.excluded(*why)).sum();
    let mut sentences = vec![seen(layer, requests, excluded)];
    // Requests are counted on while the numbers are read one after another, so the later sum may be
    // the larger one.
    if excluded >= requests {
        sentences.push(
            "All requests were excluded, so nobody takes part in a test. A request without a \
             User-Agent counts as a bot's."
                .to_owned(),
        );
    } else {
        // If all requests are excluded, no set is read either, and this sentence would name the
        // wrong reason.
        sentences.extend(unread(layer));
    }
    sentences
}

/// Returns the sentence about requests and the reasons for which some were excluded.
fn seen(layer: &Counts, requests: u64, excluded: u64) -> String {
    let seen = format!(
        "{} reached the layer since this server started",
        plural(requests, "request")
    );
    if excluded == 0 {
        return format!("{seen}; none was excluded.");
    }
    let reasons = EXCLUDED.iter().filter_map(|(why, one, several)| {
        let n = layer.excluded(*why);
        let what = if n == 1 { one } else { several };
        (n > 0).then(|| format!("{} {what}", count(n)))
    });
    let reasons = reasons.collect::<Vec<_>>().join(", ");
    format!("{seen}; {} excluded: {reasons}.", count(excluded))
}

/// Returns the sentence about sets whose tracks no handler has read.
fn unread(layer: &Counts) -> Option<String> {
    let sets: Vec<&str> = layer.unread().collect();
    (!sets.is_empty()).then(|| {
        format!(
            "No handler has read a track of {}. A set is recorded once a handler reads its track.",
            sets.join(", ")
        )
    })
}
