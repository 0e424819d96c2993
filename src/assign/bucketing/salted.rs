//! SHA-256 of a salt and a key, in a single block where both are short.

use sha2::{Digest, Sha256, block_api::compress256};

/// The initial hash value of SHA-256 (FIPS 180-4, section 5.3.3).
const INITIAL: [u32; 8] = [
    0x6a09_e667,
    0xbb67_ae85,
    0x3c6e_f372,
    0xa54f_f53a,
    0x510e_527f,
    0x9b05_688c,
    0x1f83_d9ab,
    0x5be0_cd19,
];

/// The length of a block of SHA-256 in bytes.
const BLOCK: usize = 64;

/// A block's last eight bytes are the length of the message in bits, and one byte before
/// them ends the message (FIPS 180-4, section 5.1.1).
const LONGEST: usize = BLOCK - 9;

/// What is hashed before the key: `netstring(salt)`.
#[derive(Debug)]
pub(super) struct Salted {
    /// A block that begins with it; empty where it does not fit.
    block: [u8; BLOCK],
    /// The length of the netstring in bytes.
    len: usize,
    /// The hasher after it, for the messages that fill more than a block.
    hasher: Sha256,
}

impl Salted {
    pub(super) fn new(salt: &str) -> Self {
        let netstring = format!("{}:{salt},", salt.len());
        let mut block = [0; BLOCK];
        // A salt that is too long leaves the block empty. It is not read then, because no message with
        // that salt is short enough for a single block.
        if let Some(start) = block.get_mut(..netstring.len()) {
            start.copy_from_slice(netstring.as_bytes());
        }
        Self {
            block,
            len: netstring.len(),
            hasher: Sha256::new().chain_update(netstring),
        }
    }

    /// Returns the digest of the netstring and the key, as four big-endian numbers.
    ///
    /// Most messages fit one block. To pad it here, rather than by the general hasher, costs
    /// a third less; `benches/assign.rs` has the floor.
    #[inline]
    pub(super) fn digest(&self, key: &[u8]) -> [u64; 4] {
        let end = self.len + key.len();
        if end <= LONGEST {
            self.of_single_block(key, end)
        } else {
            let digest: [u8; 32] = self.hasher.clone().chain_update(key).finalize().into();
            let (words, _) = digest.as_chunks();
            std::array::from_fn(|index| u64::from_be_bytes(words[index]))
        }
    }

    /// Returns the digest of a message of so many bytes that fit one block.
    #[inline]
    fn of_single_block(&self, key: &[u8], end: usize) -> [u64; 4] {
        // Padded where it is hashed: to move what was just written stalls a processor.
        let mut blocks = [self.block];
        let [block] = &mut blocks;
        block[self.len..end].copy_from_slice(key);
        // A one bit, zeros and the length end a message (FIPS 180-4, section 5.1.1).
        block[end] = 0x80;
        // At most 55 bytes are 440 bits, so that two bytes hold the length.
        let bits = 8 * end as u16;
        block[BLOCK - 2..].copy_from_slice(&bits.to_be_bytes());
        let mut state = INITIAL;
        compress256(&mut state, &blocks);
        let word = |index| u64::from(state[index]) << 32 | u64::from(state[index + 1]);
        [word(0), word(2), word(4), word(6)]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_length_is_hashed_as_by_the_library() {
        for (salt_len, key_len) in (0..70).flat_map(|salt| (0..70).map(move |key| (salt, key))) {
            let (salt, key) = ("s".repeat(salt_len), "k".repeat(key_len));
            let expected: [u8; 32] = Sha256::digest(format!("{salt_len}:{salt},{key}")).into();
            let words = Salted::new(&salt).digest(key.as_bytes());
            let bytes: Vec<u8> = words.iter().flat_map(|word| word.to_be_bytes()).collect();
            assert_eq!(bytes, expected, "{salt_len} and {key_len}");
        }
    }
}
