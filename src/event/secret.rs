use std::{env, fmt, sync::Arc};

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use super::SecretError;
#[cfg(any(feature = "mask", feature = "overrides", feature = "record"))]
use super::hex;

/// The shortest secret in bytes: 128 bits, when they are random.
pub(super) const SHORTEST: usize = 16;

/// What the server alone knows, as the key of HMAC-SHA-256.
///
/// One secret may serve several purposes: a message begins either with the kind of a unit, which
/// is a name and so begins with a letter or `*`, or with the netstring of its purpose, which
/// begins with a digit. So no two purposes have a message in common.
#[derive(Clone)]
pub(crate) struct Secret(Arc<Hmac<Sha256>>);

/// The HMAC of one message, not yet looked at.
pub(crate) struct Tag(Hmac<Sha256>);

impl Secret {
    /// Returns the secret of these bytes.
    pub(crate) fn new(secret: &[u8]) -> Result<Self, SecretError> {
        let length = secret.len();
        let keyed = Hmac::new_from_slice(secret).ok();
        match keyed.filter(|_| length >= SHORTEST) {
            Some(keyed) => Ok(Self(Arc::new(keyed))),
            None => Err(SecretError::short(length)),
        }
    }

    /// Returns the secret that an environment variable has.
    pub(crate) fn from_env(variable: &str) -> Result<Self, SecretError> {
        let value = env::var_os(variable).ok_or_else(|| SecretError::missing(variable))?;
        Self::new(value.as_encoded_bytes()).map_err(|error| error.of(variable))
    }

    /// Returns the tag of a purpose and its fields, each a netstring, joined.
    #[cfg(any(feature = "mask", feature = "overrides", feature = "record"))]
    pub(crate) fn tag<'a>(
        &self,
        purpose: &'a str,
        fields: impl IntoIterator<Item = &'a [u8]>,
    ) -> Tag {
        let netstrings = std::iter::once(purpose.as_bytes()).chain(fields);
        let update = |mac: Hmac<Sha256>, field: &[u8]| {
            let length = field.len().to_string();
            let mac = mac.chain_update(length).chain_update(b":");
            mac.chain_update(field).chain_update(b",")
        };
        Tag(netstrings.fold((*self.0).clone(), update))
    }

    /// Returns the tag of these bytes, joined.
    #[cfg(feature = "units")]
    pub(crate) fn plain_tag<const N: usize>(&self, parts: [&[u8]; N]) -> Tag {
        let mac = (*self.0).clone();
        Tag(parts.iter().fold(mac, |mac, part| mac.chain_update(part)))
    }
}

impl Tag {
    /// Returns the first sixteen bytes.
    pub(crate) fn to_bytes(&self) -> [u8; 16] {
        half(self.0.clone().finalize().into_bytes().into())
    }

    /// Returns them as 32 lower-case hexadecimal digits.
    #[cfg(any(feature = "mask", feature = "overrides", feature = "record"))]
    pub(crate) fn to_hex(&self) -> String {
        hex::text(&self.to_bytes())
    }

    /// Returns whether these are its digits, in a time that does not depend on how many agree.
    #[cfg(any(feature = "overrides", feature = "record"))]
    pub(crate) fn is(self, digits: &str) -> bool {
        let bytes = hex::read(digits);
        bytes.is_some_and(|bytes| self.0.verify_truncated_left(&bytes).is_ok())
    }
}

/// Returns the first half of a digest.
pub(super) fn half(digest: [u8; 32]) -> [u8; 16] {
    std::array::from_fn(|index| digest[index])
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("<secret>")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_short_secret_is_refused() {
        let error = Secret::new(b"0123456789abcde").unwrap_err();
        assert!(error.to_string().contains("15 bytes"), "{error}");
        assert!(Secret::new(b"").is_err());
        assert!(Secret::new(b"0123456789abcdef").is_ok());
    }

    #[test]
    fn a_secret_is_not_shown() {
        let secret = Secret::new(b"0123456789abcdef").unwrap();
        assert_eq!(format!("{secret:?}"), "<secret>");
    }
}
