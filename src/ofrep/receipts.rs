//! Receipts of tracks: what a client sends back when it acted on one.
//!
//! ```text
//! receipt = "v1." base64url(payload XOR mask) "." base64url(tag)
//! payload = unit (16) expires (4) entry+
//! entry   = set (8) track (2) coin (1) segment-length (1) segment
//! tag     = the first 16 bytes of HMAC-SHA-256 over the netstring of the payload
//! mask    = for each 32 bytes HMAC-SHA-256 over the netstrings of the tag and of the number of the block (4)
//! ```
//!
//! The payload is masked, since a script in a page could otherwise read the pseudonym of a visitor whose cookie it cannot
//! read, and the segment. The tag is that of the payload itself, so that it also proves the mask, and different payloads
//! have different masks.
//!
//! Numbers are big-endian, and blocks are counted from 0. `expires` is in seconds since 1970. The entries are of the set
//! and of the holdouts to which a reading is an exposure, too; of a visitor who is held out, of the holdout alone. The
//! coin is 0, 1, or 2 for none. The keys of the tag and of the mask are derived from the secret of the units, each for
//! this purpose alone.
//!
//! A receipt is the same for all answers of one period, so that the `ETag` of a list of flags stays.

use std::time::{Duration, SystemTime};

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use sha2::{Digest, Sha256};

use crate::{
    assign::{Key, Set},
    unit::{Purpose, SubKey, Unit, Units, base64url},
};

/// What a receipt begins with.
const VERSION: &str = "v1.";

/// The longest receipt in bytes: of a set and 40 holdouts.
const LONGEST: usize = 4_096;

const UNIT: usize = 16;
const EXPIRES: usize = 4;

/// The coin of a choice without one.
const NO_COIN: u8 = 2;

/// What identifies a set in a receipt: what decides its tracks, and the kind of its units. A salt is unique in a layer, so
/// the name is not needed, and may change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct SetId([u8; 8]);

/// Issues receipts, and tells which are its own.
#[derive(Clone)]
pub(super) struct Receipts {
    units: Units,
    signer: SubKey,
    masks: SubKey,
    /// A receipt expires at the end of the period after the one in which it was issued.
    period: Duration,
}

/// One set of a receipt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Entry {
    pub(super) set: SetId,
    pub(super) track: u16,
    pub(super) coin: Option<bool>,
    pub(super) segment: Option<String>,
}

/// What a valid receipt says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Receipt {
    pub(super) unit: Unit,
    /// No reading was before it.
    pub(super) since: SystemTime,
    pub(super) entries: Vec<Entry>,
}

/// Why a text is no valid receipt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Invalid {
    /// It has another form, or was not signed with this secret for this purpose.
    Forged,
    Expired,
}

impl SetId {
    pub(super) fn of(set: &Set) -> Self {
        let mut hasher = Sha256::new();
        hasher.update(set.fingerprint().as_bytes());
        // The fingerprint has one length, so the kind needs none.
        hasher.update(set.unit_kind());
        let digest: [u8; 32] = hasher.finalize().into();
        Self(std::array::from_fn(|index| digest[index]))
    }
}

impl Receipts {
    /// Returns what issues receipts; `None` for raw units, which have no secret.
    pub(super) fn new(units: Units, period: Duration) -> Option<Self> {
        Some(Self {
            signer: units.derive(Purpose::EXPOSURE)?,
            masks: units.derive(Purpose::EXPOSURE_MASK)?,
            units,
            // A period has a whole second at least.
            period: Duration::from_secs(period.as_secs().max(1)),
        })
    }

    /// Returns the receipt of a key for these sets.
    pub(super) fn issue(
        &self,
        (kind, key): (&str, &Key<'_>),
        entries: &[Entry],
        now: SystemTime,
    ) -> Option<String> {
        let now = now.duration_since(SystemTime::UNIX_EPOCH).ok()?;
        let period = self.period.as_secs();
        let expires = (now.as_secs() / period)
            .checked_add(2)?
            .checked_mul(period)?;
        let mut bytes = Vec::with_capacity(UNIT + EXPIRES + 12 * entries.len());
        bytes.extend(self.units.unit(kind, key).to_bytes());
        bytes.extend(u32::try_from(expires).ok()?.to_be_bytes());
        for entry in entries {
            entry.write(&mut bytes);
        }
        let tag = self.signer.tag([&*bytes]).to_bytes();
        self.mask(&mut bytes, &tag);
        let mut receipt = VERSION.to_owned();
        URL_SAFE_NO_PAD.encode_string(bytes, &mut receipt);
        receipt.push('.');
        receipt.extend(base64url::text(tag).map(char::from));
        (receipt.len() <= LONGEST).then_some(receipt)
    }

    /// Reads a receipt. The tag is verified before anything else, so that only signed bytes reach the parser.
    pub(super) fn read(&self, receipt: &str, now: SystemTime) -> Result<Receipt, Invalid> {
        // Before it is hashed: anybody may send one.
        let text = Some(receipt).filter(|receipt| receipt.len() <= LONGEST);
        let text = text.and_then(|receipt| receipt.strip_prefix(VERSION));
        let (payload, tag) = text
            .and_then(|text| text.split_once('.'))
            .ok_or(Invalid::Forged)?;
        let payload = URL_SAFE_NO_PAD.decode(payload);
        let mut payload = payload.map_err(|_| Invalid::Forged)?;
        let tag = base64url::bytes(tag.as_bytes()).ok_or(Invalid::Forged)?;
        self.mask(&mut payload, &tag);
        if !self.signer.tag([&*payload]).equals(&tag) {
            return Err(Invalid::Forged);
        }
        self.parse(&payload, now).ok_or(Invalid::Forged)?
    }

    /// Masks a payload, or takes the mask off.
    fn mask(&self, payload: &mut [u8], tag: &[u8; 16]) {
        for (number, block) in (0_u32..).zip(payload.chunks_mut(32)) {
            let number = number.to_be_bytes();
            let mask = self.masks.tag([&tag[..], &number]).to_all_bytes();
            block
                .iter_mut()
                .zip(mask)
                .for_each(|(byte, mask)| *byte ^= mask);
        }
    }

    fn parse(&self, payload: &[u8], now: SystemTime) -> Option<Result<Receipt, Invalid>> {
        let (unit, rest) = payload.split_first_chunk::<UNIT>()?;
        let (expires, mut rest) = rest.split_first_chunk::<EXPIRES>()?;
        let expires = Duration::from_secs(u32::from_be_bytes(*expires).into());
        let mut entries = Vec::new();
        while !rest.is_empty() {
            entries.push(Entry::read(&mut rest)?);
        }
        let at = SystemTime::UNIX_EPOCH.checked_add(expires)?;
        if now >= at {
            return Some(Err(Invalid::Expired));
        }
        let since = expires.saturating_sub(self.period.saturating_mul(2));
        Some(Ok(Receipt {
            unit: Unit::from_bytes(*unit),
            since: SystemTime::UNIX_EPOCH.checked_add(since)?,
            entries,
        }))
    }
}

impl Entry {
    fn write(&self, bytes: &mut Vec<u8>) {
        bytes.extend(self.set.0);
        bytes.extend(self.track.to_be_bytes());
        bytes.push(self.coin.map_or(NO_COIN, u8::from));
        // The name of a segment has at most 64 bytes.
        let segment = self.segment.as_deref().unwrap_or_default().as_bytes();
        let length = u8::try_from(segment.len()).unwrap_or_default();
        bytes.push(length);
        bytes.extend(&segment[..usize::from(length)]);
    }

    fn read(bytes: &mut &[u8]) -> Option<Self> {
        let (set, rest) = bytes.split_first_chunk::<8>()?;
        let (track, rest) = rest.split_first_chunk::<2>()?;
        let ([coin, length], rest) = rest.split_first_chunk::<2>()?;
        let (segment, rest) = rest.split_at_checked(usize::from(*length))?;
        *bytes = rest;
        let segment = str::from_utf8(segment).ok()?;
        Some(Self {
            set: SetId(*set),
            track: u16::from_be_bytes(*track),
            coin: match *coin {
                0 => Some(false),
                1 => Some(true),
                _ => None,
            },
            segment: Some(segment)
                .filter(|segment| !segment.is_empty())
                .map(str::to_owned),
        })
    }
}
