use super::{chi_square::uniform, drawn::DRAWN, worst::Worst};

/// For 99 degrees of freedom.
const THRESHOLD: f64 = 210.5;

/// The tracks are what the word of the track gives, so it is looked at through them.
#[test]
fn every_track_is_as_frequent_as_the_others() {
    let mut worst = Worst::new("uniformity of tracks, df 99", THRESHOLD);
    for drawn in &*DRAWN {
        for set in &drawn.sets {
            let mut tracks = [0; 100];
            set.tracks
                .iter()
                .for_each(|track| tracks[usize::from(*track)] += 1);
            worst.add(uniform(&tracks), || {
                format!("{}, {}", set.name, drawn.population)
            });
        }
    }
    worst.check();
}

#[test]
fn every_word_is_uniform() {
    let mut worst = Worst::new("uniformity of words, df 99", THRESHOLD);
    for drawn in &*DRAWN {
        for set in &drawn.sets {
            for (word, cells) in set.words.iter().enumerate() {
                worst.add(uniform(cells), || {
                    format!("d{word} of {}, {}", set.name, drawn.population)
                });
            }
        }
    }
    worst.check();
}
