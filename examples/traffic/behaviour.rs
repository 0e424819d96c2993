//! What the tracks of the shop do to its visitors.

use std::fmt::Write;

use super::visitors::Behaviour;

/// All visitors in no other track.
const USUAL: Behaviour = Behaviour {
    rate: 0.20,
    spend: 5.0,
};

/// By what a track multiplies the share of visitors who buy.
const EFFECTS: [(&str, f64); 8] = [
    ("delay=short", 0.92),
    ("delay=long", 0.60),
    ("pricing=price_adjusted_by_-2", 1.30),
    ("pricing=price_adjusted_by_-1", 1.15),
    ("pricing=price_adjusted_by_1", 0.85),
    ("pricing=price_adjusted_by_2", 0.70),
    ("banner=free_delivery", 1.10),
    ("banner=fresh_today", 1.00),
];

/// The shop, as it behaves.
pub(super) struct Shop;

impl Shop {
    /// Returns how visitors behave whose response had this header.
    pub(super) fn of(tracks: &str) -> Behaviour {
        let met = |track: &&(&str, f64)| tracks.split(", ").any(|member| member == track.0);
        let effect: f64 = EFFECTS
            .iter()
            .filter(met)
            .map(|(_, effect)| effect)
            .product();
        Behaviour {
            rate: USUAL.rate * effect,
            ..USUAL
        }
    }
}

/// Returns the true lifts, a line each.
pub(super) fn truths() -> String {
    let mut lines = String::new();
    for (track, _) in EFFECTS {
        let lift = 100.0 * Shop::of(track).lift(USUAL);
        // Writing to a string cannot fail.
        let _ = writeln!(lines, "  {track:30} purchases {lift:+.0}%");
    }
    lines
}
