//! Fingerprints as text, for both formats.

use crate::store::Batch;

impl Batch {
    /// Returns the fingerprint of a listed definition as lower-case hexadecimal.
    pub(super) fn fingerprint(&self, index: u32) -> String {
        let bytes = self.definition_names()[index as usize].fingerprint;
        bytes.iter().map(|byte| format!("{byte:02x}")).collect()
    }
}
