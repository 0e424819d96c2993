//! Links for the shop's owner: each shows the catalogue as one track has it, for an hour.

use std::{
    env,
    error::Error,
    hash::{BuildHasher, RandomState},
    time::{Duration, SystemTime},
};

use tower_tracks::middleware::{Force, Override};

use crate::sets;

const HOUR: Duration = Duration::from_secs(60 * 60);

/// What is worth a look.
const TRACKS: [(&str, &str); 4] = [
    ("delay", "long"),
    ("pricing", "price_adjusted_by_-2"),
    ("pricing", "price_adjusted_by_2"),
    ("banner", "free_delivery"),
];

/// Returns what verifies the links. A real shop reads the secret from its configuration, as
/// `SHOP_SECRET` here; without one, links are valid until the shop closes.
pub(super) fn overrides() -> Result<Override, Box<dyn Error>> {
    let secret = env::var("SHOP_SECRET").unwrap_or_else(|_| random());
    Ok(Override::new(secret)?)
}

/// Returns the links as text, a line each.
pub(super) fn mint(overrides: &Override, shop: &str) -> Result<String, Box<dyn Error>> {
    let expires = SystemTime::now() + HOUR;
    let page = format!("{shop}/coconuts");
    let (delay_or_pricing, banner) = (sets::delay_or_pricing()?, sets::banner()?);
    let mut links = String::new();
    for (set, track) in TRACKS {
        let sets = delay_or_pricing.sets().chain(banner.sets());
        let link = overrides.link(&page, sets, &Force::new(set, track, expires))?;
        links += &format!("  {set}/{track}\n    {link}\n");
    }
    Ok(links)
}

/// The standard library seeds each of its hashers at random; four of them are 256 bits.
fn random() -> String {
    let bits = |_| format!("{:016x}", RandomState::new().hash_one(()));
    (0..4).map(bits).collect()
}
