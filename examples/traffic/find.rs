//! Where the shop is.

use std::{env, fmt, fs};

use super::{database, port};

/// The address of a shop, and where it was found.
pub(super) struct Address {
    pub(super) url: String,
    source: String,
}

/// Returns the address in `SHOP`, at `PORT`, in the file that an open shop has beside its database, or the
/// default.
pub(super) fn address() -> Result<Address, String> {
    if let Ok(url) = env::var("SHOP") {
        return Ok(Address::new(&url, "of SHOP"));
    }
    // A shop on any free port is in the file.
    if let Some(port @ 1..) = port::from_env()? {
        return Ok(Address::at(port, "of PORT"));
    }
    let path = database::address_path();
    match fs::read_to_string(&path) {
        Ok(url) => Ok(Address::new(&url, &format!("in {}", path.display()))),
        Err(_) => Ok(Address::at(port::DEFAULT, "without SHOP and PORT")),
    }
}

impl Address {
    fn new(url: &str, source: &str) -> Self {
        Self {
            url: url.trim().trim_end_matches('/').to_owned(),
            source: source.to_owned(),
        }
    }

    fn at(port: u16, source: &str) -> Self {
        Self::new(&format!("http://127.0.0.1:{port}"), source)
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}, the address {}", self.url, self.source)
    }
}
