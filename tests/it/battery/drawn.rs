use std::sync::LazyLock;

use tower_tracks::ParamTrackSet;

use super::{
    SETS,
    population::{POPULATIONS, Population},
    threads::map_on_two,
};

/// What each set drew for the keys of one population.
pub(super) struct Drawn {
    pub(super) population: &'static str,
    pub(super) sets: Vec<DrawnSet>,
}

/// What one set of a hundred equal tracks drew.
///
/// A track is a hundredth of the track word's range, so tens of tracks are the tracks of a set
/// of ten, and halves those of a set of two.
pub(super) struct DrawnSet {
    pub(super) name: String,
    /// The track of each key.
    pub(super) tracks: Vec<u8>,
    /// How many keys have each of the words in each hundredth of its range.
    pub(super) words: [[u32; 100]; 4],
}

/// It is drawn once for all tests that look at it.
pub(super) static DRAWN: LazyLock<Vec<Drawn>> =
    LazyLock::new(|| POPULATIONS.iter().map(Drawn::new).collect());

impl Drawn {
    fn new(population: &Population) -> Self {
        let names: Vec<String> = (1..=SETS).map(|set| format!("test-{set:02}")).collect();
        Self {
            population: population.name,
            sets: map_on_two(&names, |name| DrawnSet::new(name, &population.keys)),
        }
    }
}

impl DrawnSet {
    fn new(name: &str, keys: &[String]) -> Self {
        let set = ParamTrackSet::new(name, 0..100_u8, |track| format!("track-{track}"));
        let group = set.without_control().build().unwrap();
        let mut words = [[0; 100]; 4];
        let track_of = |key: &String| {
            let choice = group.assign(key, &());
            for (cells, word) in words.iter_mut().zip(words_of(&choice.digest().unwrap())) {
                cells[hundredth(word)] += 1;
            }
            *choice.value::<u8>().unwrap()
        };
        Self {
            name: name.to_owned(),
            tracks: keys.iter().map(track_of).collect(),
            words,
        }
    }
}

/// Returns a digest as the four big-endian numbers that it is used as.
pub(super) fn words_of(digest: &[u8; 32]) -> [u64; 4] {
    let (words, _) = digest.as_chunks();
    std::array::from_fn(|index| u64::from_be_bytes(words[index]))
}

fn hundredth(word: u64) -> usize {
    ((u128::from(word) * 100) >> 64) as usize
}
