//! Sub-keys and their tags. A tag is the first half of an HMAC-SHA-256, 16 bytes: to guess one
//! takes 2¹²⁸ attempts, and a cookie stays short.

use std::{fmt, sync::Arc};

use hmac::{Hmac, KeyInit, Mac, digest};
use sha2::Sha256;

use crate::assign::Key;

#[cfg(any(
    test,
    feature = "control",
    feature = "mask",
    feature = "overrides",
    feature = "record"
))]
use super::hex::Hex;
use super::secret::half;

/// The key of one [purpose](super::purpose::Purpose), derived from the secret.
///
/// Two purposes have no key in common, so that no tag of one is a tag of another, whatever their
/// messages are.
#[derive(Clone)]
pub(crate) struct SubKey(Arc<Hmac<Sha256>>);

/// The HMAC of one message, which is yet to be written or compared.
pub(crate) struct Tag(Hmac<Sha256>);

impl SubKey {
    /// Returns the key of these bytes. HMAC fills a short key up with zeros.
    pub(crate) fn new(bytes: [u8; 32]) -> Self {
        let mut key = digest::Key::<Hmac<Sha256>>::default();
        key.iter_mut().zip(bytes).for_each(|(to, byte)| *to = byte);
        Self(Arc::new(Hmac::new(&key)))
    }

    /// Returns the tag of these fields, each a netstring, joined. So no two lists of fields have
    /// one message.
    pub(crate) fn tag<'a>(&self, fields: impl IntoIterator<Item = &'a [u8]>) -> Tag {
        let update = |mac: Hmac<Sha256>, field: &[u8]| {
            // The digits of a key of an integer are on the stack.
            let length = Key::from(field.len());
            let mac = mac.chain_update(length.as_bytes()).chain_update(b":");
            mac.chain_update(field).chain_update(b",")
        };
        Tag(fields.into_iter().fold((*self.0).clone(), update))
    }
}

impl Tag {
    /// Returns the first sixteen bytes.
    pub(crate) fn to_bytes(&self) -> [u8; 16] {
        half(self.0.clone().finalize().into_bytes().into())
    }

    /// Returns all bytes.
    #[cfg(feature = "ofrep")]
    pub(crate) fn to_all_bytes(&self) -> [u8; 32] {
        self.0.clone().finalize().into_bytes().into()
    }

    /// Returns the first sixteen bytes as 32 lower-case hexadecimal digits.
    #[cfg(any(
        test,
        feature = "control",
        feature = "mask",
        feature = "overrides",
        feature = "record"
    ))]
    pub(crate) fn to_hex(&self) -> String {
        Hex(self.to_bytes()).to_string()
    }

    /// Returns whether these are its digits, in a time that does not depend on how many agree.
    #[cfg(any(feature = "control", feature = "overrides", feature = "record"))]
    pub(crate) fn is(self, digits: &str) -> bool {
        super::hex::read(digits).is_some_and(|bytes| self.equals(&bytes))
    }

    /// Returns whether these are its first sixteen bytes, in a time that does not depend on how many
    /// agree.
    #[cfg(any(
        feature = "control",
        feature = "overrides",
        feature = "record",
        feature = "tower"
    ))]
    pub(crate) fn equals(self, bytes: &[u8; 16]) -> bool {
        self.0.verify_truncated_left(bytes).is_ok()
    }
}

impl fmt::Debug for SubKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("<secret>")
    }
}
