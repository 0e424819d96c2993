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
const MOST: usize = 256;

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
        if !self
            .rate
            .take(u32::try_from(sent.len()).unwrap_or(u32::MAX))
        {
            return too_many();
        }
        let takes_part = evaluator.takes_part(parts, is_service);
        let now = evaluator.now();
        let mut received = Received {
            counted: 0,
            refused: Vec::new(),
        };
        // A client that sends one twice has read it once.
        let mut known = HashSet::new();
        for (index, one) in sent.iter().enumerate() {
            let counted = match takes_part {
                true if known.contains(&*one.receipt) => Ok(()),
                true => self.count(evaluator, flags, one, now),
                false => Err(Why::Excluded),
            };
            match counted {
                Ok(()) => {
                    known.insert(&*one.receipt);
                    received.counted += 1;
                }
                Err(reason) => received.refused.push(Refused { index, reason }),
            }
        }
        json(StatusCode::OK, &received)
    }

    fn count(
        &self,
        evaluator: &Evaluator,
        flags: &Flags,
        sent: &SentOne<'_>,
        now: SystemTime,
    ) -> Result<(), Why> {
        let receipts = self.receipts.as_ref().ok_or(Why::Invalid)?;
        let receipt = receipts.read(&sent.receipt, now).map_err(Why::from)?;
        let counted = receipt.entries.iter().map(|entry| counted(flags, entry));
        // All or none: a reading that a holdout does not count would bias its report.
        let counted: Option<Vec<_>> = counted.collect();
        let at = read_at(&receipt, sent.ago, now);
        for counted in counted.ok_or(Why::Changed)? {
            evaluator.expose(receipt.unit, counted, at);
        }
        Ok(())
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
