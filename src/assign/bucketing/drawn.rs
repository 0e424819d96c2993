/// A digest as four independent numbers.
pub(in crate::assign) type Words = [u64; 4];

/// What a scheme drew for a key.
#[derive(Debug, Clone, Copy)]
pub(in crate::assign) struct Drawn {
    /// The index of the chosen set.
    pub(in crate::assign) set: usize,
    /// The index of its track; none when outside its share.
    pub(in crate::assign) track: Option<usize>,
    /// The digest of the chosen set's message, in the schemes that have one for all.
    pub(in crate::assign) words: Option<Words>,
}
