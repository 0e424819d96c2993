//! The receipts that clients send back.

use std::{
    collections::HashSet,
    time::{Duration, SystemTime},
};

use axum::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode, header, request::Parts};
use serde::{Deserialize, Serialize};

use super::{
    flags::Flags,
    rate::Rate,
    receipts::{Entry, Invalid, Receipt, Receipts},
    refusal::{Code, Refusal, json, private},
};
use crate::middleware::{Counted, Evaluator};

/// The most receipts of a request.
pub(super) const MOST: usize = 256;

#[derive(Deserialize)]
struct Sent<'a> {
    #[serde(borrow)]
    exposures: Vec<SentOne<'a>>,
}

#[derive(Deserialize)]
struct SentOne<'a> {
    #[serde(borrow)]
    receipt: std::borrow::Cow<'a, str>,
    /// Milliseconds since the reading.
    #[serde(default)]
    ago: f64,
}

#[derive(Serialize)]
struct Received {
    counted: usize,
    refused: Vec<Refused>,
}

#[derive(Serialize)]
struct Refused {
    index: usize,
    reason: Why,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
enum Why {
    Invalid,
    Expired,
    Changed,
    Excluded,
}

/// What receives receipts.
pub(super) struct Exposures {
    pub(super) receipts: Option<Receipts>,
    pub(super) rate: Rate,
}

impl Exposures {
    /// Counts the readings of a body. `is_service` says that another program sends them.
    pub(super) fn receive(
        &self,
        evaluator: &Evaluator,
        flags: &Flags,
        parts: &Parts,
        is_service: bool,
        body: &[u8],
    ) -> Response {
        let sent = match sent(body) {
            Ok(sent) => sent,
            Err(refusal) => return refusal.response(None),
        };
        // A service answers for the consent of its visitors, whose requests are not here.
        let takes_part = is_service || evaluator.takes_part(parts);
        let now = evaluator.now();
        let read = sent.iter().map(|one| match takes_part {
            true => self.read(flags, one, now),
            false => Err(Why::Excluded),
        });
        let read: Vec<_> = read.collect();
        let valid = distinct(&sent, &read);
        // What is no receipt takes nothing of the rate.
        let many = u32::try_from(valid.len()).unwrap_or(u32::MAX);
        if !self.rate.take(many) {
            return too_many();
        }
        for (one, receipt) in valid {
            let at = read_at(receipt, one.ago, now);
            let entries = receipt.entries.iter();
            let counted = entries.filter_map(|entry| counted(flags, entry));
            counted.for_each(|counted| evaluator.expose(receipt.unit, counted, at));
        }
        json(StatusCode::OK, &Received::of(&read))
    }

    /// Reads a receipt, if the layer still has all of its sets. A reading that a holdout does not count would bias its
    /// report.
    fn read(&self, flags: &Flags, sent: &SentOne<'_>, now: SystemTime) -> Result<Receipt, Why> {
        let receipts = self.receipts.as_ref().ok_or(Why::Invalid)?;
        let receipt = receipts.read(&sent.receipt, now).map_err(Why::from)?;
        let mut entries = receipt.entries.iter();
        match entries.all(|entry| counted(flags, entry).is_some()) {
            true => Ok(receipt),
            false => Err(Why::Changed),
        }
    }
}

impl Received {
    fn of(read: &[Result<Receipt, Why>]) -> Self {
        let refused = read.iter().enumerate().filter_map(|(index, read)| {
            let reason = *read.as_ref().err()?;
            Some(Refused { index, reason })
        });
        let refused: Vec<_> = refused.collect();
        Self {
            counted: read.len() - refused.len(),
            refused,
        }
    }
}

/// Returns the sent receipts of a body.
fn sent(body: &[u8]) -> Result<Vec<SentOne<'_>>, Refusal> {
    let sent: Sent<'_> = serde_json::from_slice(body).map_err(|error| {
        let why = format!(
            "the body is not of the form {{\"exposures\": [{{\"receipt\": \"…\"}}]}}, at line {}, column {}",
            error.line(),
            error.column()
        );
        Refusal::new(Code::ParseError, why)
    })?;
    match sent.exposures.len() <= MOST {
        true => Ok(sent.exposures),
        false => Err(Refusal::new(
            Code::ParseError,
            format!("there are more than {MOST} receipts"),
        )),
    }
}

/// Returns the valid receipts, each once: a client that sends one twice has read it once.
fn distinct<'a>(
    sent: &'a [SentOne<'_>],
    read: &'a [Result<Receipt, Why>],
) -> Vec<(&'a SentOne<'a>, &'a Receipt)> {
    let mut known: HashSet<&'a str> = HashSet::new();
    let both = sent.iter().zip(read);
    let valid = both.filter_map(|(one, read)| Some((one, read.as_ref().ok()?)));
    valid
        .filter(|(one, _)| known.insert(&*one.receipt))
        .collect()
}

/// Returns the time of a reading: neither in the future, nor before the receipt was issued.
fn read_at(receipt: &Receipt, ago: f64, now: SystemTime) -> SystemTime {
    // As a text, it may be any number. What is negative or no duration is 0.
    let ago = Duration::try_from_secs_f64(ago.max(0.0) / 1000.0).unwrap_or_default();
    let at = now.checked_sub(ago).unwrap_or(SystemTime::UNIX_EPOCH);
    at.max(receipt.since)
}

/// Returns what an entry counts; `None` if the layer does not have its set and track any more.
fn counted<'a>(flags: &Flags, entry: &'a Entry) -> Option<Counted<'a>> {
    let (place, set) = flags.of_id(entry.set)?;
    let track = usize::from(entry.track);
    set.tracks().get(track)?;
    Some(Counted {
        place,
        track,
        coin: entry.coin,
        segment: entry.segment.as_deref(),
    })
}

fn too_many() -> Response {
    let after = HeaderValue::from_static("1");
    private(
        (
            StatusCode::TOO_MANY_REQUESTS,
            [(header::RETRY_AFTER, after)],
        )
            .into_response(),
    )
}

impl From<Invalid> for Why {
    fn from(invalid: Invalid) -> Self {
        match invalid {
            Invalid::Forged => Self::Invalid,
            Invalid::Expired => Self::Expired,
        }
    }
}
