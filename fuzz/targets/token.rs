//! Any text as a token, alone and as a part of a valid token.

use std::{
    sync::OnceLock,
    time::{Duration, UNIX_EPOCH},
};

use tower_tracks::middleware::{Force, Override};

/// Nothing is a token but what was minted. The first byte says where the rest goes.
pub(crate) fn run(data: &[u8]) {
    let (overrides, token) = minted();
    let text = String::from_utf8_lossy(data);
    assert!(overrides.verify(&text, UNIX_EPOCH).is_err() || text == *token);
    let Some((at, rest)) = data.split_first() else {
        return;
    };
    let at = usize::from(*at).min(token.len());
    let text = String::from_utf8_lossy(rest);
    let end = (at + text.len()).min(token.len());
    for other in [
        format!("{}{text}{}", &token[..at], &token[at..]),
        format!("{}{text}{}", &token[..at], &token[end..]),
    ] {
        let verified = overrides.verify(&other, UNIX_EPOCH).is_ok();
        assert_eq!(verified, other == *token, "{other}");
    }
}

fn minted() -> &'static (Override, String) {
    static MINTED: OnceLock<(Override, String)> = OnceLock::new();
    MINTED.get_or_init(|| {
        let overrides = Override::new("0123456789abcdef").unwrap();
        let force = Force::new("pricing", "cheap", UNIX_EPOCH + Duration::from_secs(60));
        let token = overrides.mint(&force.only_for("user", 42)).unwrap();
        (overrides, token)
    })
}
