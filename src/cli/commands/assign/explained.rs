//! The track of a key under one definition, with every step of its computation.

use std::fmt;

use serde::Serialize;

use crate::{
    cli::{
        definitions::Replay,
        in_force::{Effect, InForce, is_enrolled},
    },
    control::Mode,
    figures::round_percent,
};

/// The track of a key under one definition, and its computation.
#[derive(Debug, Serialize)]
pub(super) struct Explained {
    pub(super) set: String,
    phase: u32,
    bucketing: &'static str,
    /// The track if the set is chosen; `None` if the key is outside the share of the set, or the set is
    /// paused.
    pub(super) track: Option<String>,
    /// Whether the key is in the share of the set.
    enrolled: bool,
    weight: u64,
    share: f64,
    coin: Option<bool>,
    /// The steps of the computation; `None` in schemes without a digest.
    hash: Option<Hash>,
    /// The change in force; `None` if the code decides.
    #[serde(skip_serializing_if = "Option::is_none")]
    in_force: Option<Effect>,
    /// Why the key has no track; `None` if it has one.
    #[serde(skip)]
    why: Option<&'static str>,
    /// The sentence about the change in force.
    #[serde(skip)]
    sentence: Option<String>,
}

/// The steps of the scheme `v1`.
#[derive(Debug, Serialize)]
pub(super) struct Hash {
    message: String,
    digest: String,
    /// The words of the digest in hexadecimal digits: for set, share, track and coin.
    words: [String; 4],
    /// The score of the set, which is compared with the scores of the other sets of its group.
    score: f64,
    /// The drawn ticket. Each track has as many tickets as its weight.
    ticket: u64,
    tickets: u64,
}

impl Explained {
    /// Computes the track of a key, under the change that is in force.
    pub(super) fn of(
        replay: &Replay,
        key: &str,
        in_force: Option<&InForce>,
    ) -> Result<Self, String> {
        let choice = replay.assign(key);
        let (set, digest) = (replay.set()?, choice.digest());
        let share = in_force.and_then(InForce::share).unwrap_or(replay.share);
        let enrolled = is_enrolled(digest, share);
        let drawn = choice.track();
        let (track, why) = match in_force.map(|in_force| in_force.mode) {
            Some(Mode::Paused) => (None, Some("paused")),
            Some(Mode::Shipped(_)) => (
                in_force.and_then(|in_force| in_force.shipped.as_deref()),
                None,
            ),
            _ if enrolled => (drawn, None),
            _ => (None, Some("outside-share")),
        };
        let is_drawn = enrolled && in_force.is_none_or(|in_force| in_force.share().is_some());
        Ok(Self {
            set: set.name().to_owned(),
            phase: set.phase(),
            bucketing: set.bucketing().as_str(),
            track: track.map(str::to_owned),
            enrolled,
            weight: replay.weight,
            share,
            coin: choice.coin().filter(|_| is_drawn),
            hash: digest.map(|digest| {
                let salt = set.effective_salt();
                let tickets = set.tracks().iter().map(|track| track.weight()).sum();
                let message = format!("{}:{salt},{key}", salt.len());
                Hash::of(message, digest, replay.weight, tickets)
            }),
            in_force: in_force.map(|in_force| in_force.effect(drawn)),
            why,
            sentence: in_force.map(|in_force| in_force.told(digest, drawn)),
        })
    }

    /// Returns the choice of its group as text under the change in force; `None` if the change does not
    /// affect it. A share does not affect a choice that was not drawn.
    pub(super) fn changed(&self, is_drawn: bool) -> Option<String> {
        let Self { set, track, .. } = self;
        match (self.in_force.as_ref()?, track, self.why) {
            (effect, Some(track), _) if effect.is_shipped() => {
                Some(format!("{set}/{track} (shipped)"))
            }
            (effect, ..) if effect.is_share() && !is_drawn => None,
            (_, Some(track), _) => Some(format!("{set}/{track}")),
            (_, None, why) => Some(format!("{set} ({})", why.unwrap_or_default())),
        }
    }

    /// Returns the score; `None` for a set of weight 0, which cannot be chosen.
    pub(super) fn score(&self) -> Option<f64> {
        let hash = self.hash.as_ref().filter(|_| self.weight > 0);
        hash.map(|hash| hash.score)
    }
}

impl Hash {
    /// Computes score and ticket as the scheme `v1` does. The score is −weight / ln u, with u from
    /// the upper 52 bits of the first word; the ticket is the upper part of the third word times
    /// the number of tickets.
    fn of(message: String, digest: [u8; 32], weight: u64, tickets: u64) -> Self {
        let words = words(digest);
        // The half keeps u away from 0 and 1, where the score would be 0 or infinite.
        let u = ((words[0] >> 12) as f64 + 0.5) * 2_f64.powi(-52);
        Self {
            message,
            digest: digest.iter().map(|byte| format!("{byte:02x}")).collect(),
            words: words.map(|word| format!("{word:016x}")),
            // The logarithm of the standard library may differ in its last bit from machine to
            // machine.
            score: -(weight as f64) / libm::log(u),
            ticket: ((u128::from(words[2]) * u128::from(tickets)) >> 64) as u64,
            tickets,
        }
    }
}

/// Returns the digest as four words in big-endian order.
fn words(digest: [u8; 32]) -> [u64; 4] {
    let (words, _) = digest.as_chunks();
    std::array::from_fn(|index| u64::from_be_bytes(words[index]))
}

impl fmt::Display for Explained {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let why = self.why.map(|why| format!("({why})"));
        let track = self.track.as_deref().or(why.as_deref());
        let track = track.unwrap_or_default();
        writeln!(f, "  {} phase {}: {track}", self.set, self.phase)?;
        if let Some(sentence) = &self.sentence {
            writeln!(f, "    {sentence}")?;
        }
        let Some(hash) = &self.hash else {
            return writeln!(f, "    by the scheme {}, of one hash", self.bucketing);
        };
        let [set, share, track, coin] = &hash.words;
        let is_in = if self.enrolled { "in" } else { "outside" };
        writeln!(f, "    hashed {:?}, SHA-256 {}", hash.message, hash.digest)?;
        writeln!(
            f,
            "    set    {set}  score {:.6} by weight {}",
            hash.score, self.weight
        )?;
        writeln!(
            f,
            "    share  {share}  {is_in} {}",
            round_percent(self.share)
        )?;
        writeln!(
            f,
            "    track  {track}  ticket {} of {}",
            hash.ticket, hash.tickets
        )?;
        match self.coin {
            Some(up) => writeln!(f, "    coin   {coin}  {}", u8::from(up)),
            None => Ok(()),
        }
    }
}
