//! Any text as the JSON of a group.

use tower_tracks::assign::StoredSets;

/// What can be read is written as something that is read alike, and assigns.
pub(crate) fn run(data: &[u8]) {
    let Ok(sets) = serde_json::from_slice::<StoredSets>(data) else {
        return;
    };
    let written = serde_json::to_string(&sets).unwrap();
    let read: StoredSets = serde_json::from_str(&written).unwrap();
    assert_eq!(serde_json::to_string(&read).unwrap(), written);
    for key in ["", "alice", "2:HU,2:42,"] {
        assert_eq!(
            sets.assign(key, |_| true).to_string(),
            read.assign(key, |_| true).to_string()
        );
    }
}
