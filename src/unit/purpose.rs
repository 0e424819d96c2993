//! The purposes of sub-keys. A label is part of the contract with tags that were given out: to
//! change one makes every cookie, token or receipt of that purpose invalid.

/// What a sub-key is for, as the label that derives it from the secret.
///
/// The labels are constants, each another, without a zero byte. A new purpose, or another form of
/// its messages, gets a label of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Purpose(&'static str);

impl Purpose {
    /// The masks of names in the header.
    #[cfg(feature = "mask")]
    pub(crate) const MASK: Self = Self("tower-tracks mask v2");
    /// The tokens that force a track.
    #[cfg(feature = "overrides")]
    pub(crate) const OVERRIDE: Self = Self("tower-tracks override v2");
    /// The one unit that such a token is for.
    #[cfg(feature = "overrides")]
    pub(crate) const OVERRIDE_UNIT: Self = Self("tower-tracks override unit v2");
    /// The cipher of the header for the next service.
    #[cfg(feature = "propagation")]
    pub(crate) const PROPAGATION: Self = Self("tower-tracks propagation v1");
    /// The receipts by which conversions are recorded later.
    #[cfg(feature = "record")]
    pub(crate) const RECEIPT: Self = Self("tower-tracks receipt v2");

    /// The receipts by which clients tell which tracks they read.
    #[cfg(feature = "ofrep")]
    pub(crate) const EXPOSURE: Self = Self("tower-tracks exposure v1");
    /// The masks of such receipts.
    #[cfg(feature = "ofrep")]
    pub(crate) const EXPOSURE_MASK: Self = Self("tower-tracks exposure mask v1");

    /// The files in which a node keeps the changes that it knows.
    #[cfg(feature = "control")]
    pub(crate) const CHANGES: Self = Self("tower-tracks changes v1");
    /// The tags of visitors' cookies.
    pub(crate) const VISITOR_COOKIE: Self = Self("tower-tracks visitor cookie v1");

    /// All purposes.
    #[cfg(test)]
    pub(crate) const ALL: &[Self] = &[
        #[cfg(feature = "mask")]
        Self::MASK,
        #[cfg(feature = "overrides")]
        Self::OVERRIDE,
        #[cfg(feature = "overrides")]
        Self::OVERRIDE_UNIT,
        #[cfg(feature = "propagation")]
        Self::PROPAGATION,
        #[cfg(feature = "record")]
        Self::RECEIPT,
        #[cfg(feature = "ofrep")]
        Self::EXPOSURE,
        #[cfg(feature = "ofrep")]
        Self::EXPOSURE_MASK,
        #[cfg(feature = "control")]
        Self::CHANGES,
        Self::VISITOR_COOKIE,
    ];

    /// Returns the label.
    pub(crate) fn label(self) -> &'static str {
        self.0
    }

    /// Returns the purpose of a label, for tests of the derivation.
    #[cfg(test)]
    pub(crate) fn of(label: &'static str) -> Self {
        Self(label)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn each_purpose_has_a_label_of_its_own() {
        let labels: HashSet<_> = Purpose::ALL.iter().map(|one| one.label()).collect();
        assert_eq!(labels.len(), Purpose::ALL.len());
        let is_plain = |label: &&str| label.starts_with("tower-tracks ") && !label.contains('\0');
        assert!(labels.iter().all(is_plain), "{labels:?}");
    }
}
