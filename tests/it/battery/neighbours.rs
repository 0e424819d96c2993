use super::{chi_square::uniform, drawn::DRAWN, worst::Worst};

/// Whether two keys that follow each other have the same of two tracks is a fair coin, and
/// these coins are independent of each other.
#[test]
fn neighbouring_keys_share_a_track_half_the_time() {
    let mut worst = Worst::new("neighbouring keys in the same track, df 1", 38.7);
    for drawn in &*DRAWN {
        for set in &drawn.sets {
            let mut same_or_not = [0; 2];
            for pair in set.tracks.windows(2) {
                same_or_not[usize::from(pair[0] / 50 != pair[1] / 50)] += 1;
            }
            worst.add(uniform(&same_or_not), || {
                format!("{}, {}", set.name, drawn.population)
            });
        }
    }
    worst.check();
}
