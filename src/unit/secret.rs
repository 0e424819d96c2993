//! A secret of the server, and the three kinds of messages that it signs.
//!
//! The bytes of the secret are not kept: only the state of HMAC that they lead to. Nothing here
//! shows them.

use std::{env, fmt, sync::Arc};

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

#[cfg(any(feature = "files", feature = "record"))]
use super::hex::Hex;
use super::{
    purpose::Purpose,
    secret_error::{Fault, SecretError},
    sub_key::SubKey,
};

/// The minimum length of a secret in bytes: 128 bits, if they are random.
pub(crate) const SHORTEST: usize = 16;

/// The message that identifies the secret of a store's units.
#[cfg(any(feature = "files", feature = "record"))]
const CLAIM: &[u8] = b"5:units,0:,";

/// A secret of the server, as the key of HMAC-SHA-256.
///
/// One secret may serve several purposes. It signs three kinds of messages, and no message is of two
/// kinds: the message of a unit has a zero byte; the claim and the labels of purposes are distinct
/// constants without a zero byte. Everything else is signed with the [sub-key](Self::derive) of its
/// purpose.
#[derive(Clone)]
pub(crate) struct Secret(Arc<Hmac<Sha256>>);

impl Secret {
    /// Returns the secret with these bytes. It must have at least 16 bytes and not repeat a single byte,
    /// as a buffer does that was never filled.
    pub(crate) fn new(secret: &[u8]) -> Result<Self, SecretError> {
        let length = secret.len();
        let is_repeated = secret.windows(2).all(|pair| pair[0] == pair[1]);
        // HMAC itself takes keys of every length.
        match Hmac::new_from_slice(secret) {
            Ok(_) if length >= SHORTEST && is_repeated => Err(Fault::Repeated.of(None)),
            Ok(keyed) if length >= SHORTEST => Ok(Self(Arc::new(keyed))),
            Ok(_) | Err(_) => Err(Fault::Short(length).of(None)),
        }
    }

    /// Reads the secret from an environment variable.
    pub(crate) fn from_env(variable: &str) -> Result<Self, SecretError> {
        // Random bytes need not be UTF-8.
        let Some(value) = env::var_os(variable) else {
            return Err(Fault::Missing.of(Some(variable)));
        };
        Self::new(value.as_encoded_bytes()).map_err(|error| error.fault.of(Some(variable)))
    }

    /// Returns the key of a purpose: the 32 bytes of HKDF-Expand of RFC 5869, with SHA-256, the
    /// secret as the pseudorandom key and the purpose's label as `info`.
    ///
    /// HKDF-Extract is omitted, as section 3.3 allows for a random secret.
    pub(crate) fn derive(&self, purpose: Purpose) -> SubKey {
        SubKey::new(self.expand(purpose))
    }

    /// Returns the same 32 bytes, as the key of a cipher.
    #[cfg(feature = "propagation")]
    pub(crate) fn derive_bytes(&self, purpose: Purpose) -> [u8; 32] {
        self.expand(purpose)
    }

    fn expand(&self, purpose: Purpose) -> [u8; 32] {
        self.sign(&[purpose.label().as_bytes(), &[1]])
    }

    /// Returns the first sixteen bytes of the HMAC of a unit's message, which has a zero byte.
    #[cfg(feature = "units")]
    #[inline]
    pub(crate) fn unit(&self, message: &[&[u8]]) -> [u8; 16] {
        half(self.sign(message))
    }

    /// Returns the digits that identify the secret in a store.
    #[cfg(any(feature = "files", feature = "record"))]
    pub(crate) fn claim(&self) -> String {
        Hex(half(self.sign(&[CLAIM]))).to_string()
    }

    /// The HMAC-SHA-256 of the parts, joined. The keyed state is cloned, which saves the two blocks
    /// that hash the key for each message.
    #[inline]
    fn sign(&self, parts: &[&[u8]]) -> [u8; 32] {
        let mac = (*self.0).clone();
        let mac = parts.iter().fold(mac, |mac, part| mac.chain_update(part));
        mac.finalize().into_bytes().into()
    }
}

/// Returns the first half of a digest.
pub(crate) fn half(digest: [u8; 32]) -> [u8; 16] {
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
    fn a_secret_of_one_repeated_byte_is_refused() {
        for byte in [0, b'0', b'x', 0xff] {
            for length in [16, 17, 32, 64, 65, 1000] {
                let mut secret = vec![byte; length];
                let error = Secret::new(&secret).unwrap_err().to_string();
                assert!(
                    error.starts_with("a secret is one byte repeated"),
                    "{error}"
                );
                secret[length - 1] ^= 1;
                assert!(Secret::new(&secret).is_ok());
            }
        }
    }

    /// The third test case of RFC 5869: the first 32 bytes of its output.
    #[test]
    fn sub_keys_are_those_of_hkdf() {
        let prk = "19ef24a32c717b167f33a91d6f648bdf96596776afdb6377ac434c1c293ccb04";
        let okm = "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d";
        let secret = Secret::new(&bytes(prk)).unwrap();
        let derived = secret.derive(Purpose::of(""));
        let expected = SubKey::new(bytes(okm).try_into().unwrap());
        let tag = |key: &SubKey| key.tag([&b"message"[..]]).to_hex();
        assert_eq!(tag(&derived), tag(&expected));
    }

    /// The tag is of Python's `hmac`.
    #[test]
    #[cfg(feature = "overrides")]
    fn tags_are_those_of_python() {
        let secret = Secret::new(b"0123456789abcdef").unwrap();
        let tag = secret.derive(Purpose::OVERRIDE).tag([&b"a"[..], b""]);
        assert_eq!(tag.to_hex(), "f8761faf15038de7b72d6fea25146163");
    }

    fn bytes(digits: &str) -> Vec<u8> {
        let byte = |at: usize| u8::from_str_radix(&digits[at..at + 2], 16).unwrap();
        (0..digits.len()).step_by(2).map(byte).collect()
    }

    #[test]
    fn a_secret_is_not_shown() {
        let secret = Secret::new(b"0123456789abcdef").unwrap();
        assert_eq!(format!("{secret:?}"), "<secret>");
    }
}
