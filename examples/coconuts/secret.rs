//! The secret by which visitors' keys become pseudonyms, and by which the layer signs their cookies. The
//! example `traffic` uses this file, too.

use std::env;

/// A real shop reads its secret from its configuration, as `SHOP_SECRET` here, and keeps it as long as its
/// records.
const DEMO: &str = "everybody knows the coconut shop";

pub(super) fn from_env() -> String {
    env::var("SHOP_SECRET").unwrap_or_else(|_| DEMO.to_owned())
}
