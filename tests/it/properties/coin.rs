use proptest::{collection::vec, prelude::*};
use tower_tracks::ParamTrackSet;

use crate::battery::chi_square::independence;

use super::{config, text::salt};

const KEYS: u32 = 3000;

proptest! {
    #![proptest_config(config(40))]

    /// The threshold is that of the battery for one degree of freedom, which forty cases exceed
    /// by chance with 2e-8.
    #[test]
    fn the_coin_is_independent_of_the_track(salt in salt(), weights in vec(1..5_u64, 2..6), one in 0..6_usize) {
        let tracks = 0..weights.len();
        let name = |index: &usize| format!("track-{index}");
        let mut set = ParamTrackSet::new("delay", tracks, name).without_control().salt(salt);
        for (index, weight) in weights.iter().enumerate() {
            set = set.track_weight(name(&index), *weight);
        }
        let group = set.build();
        prop_assume!(group.is_ok());
        let (group, one) = (group.unwrap(), one % weights.len());
        let mut table = [[0; 2]; 2];
        for key in 0..KEYS {
            let choice = group.assign(key, &());
            let is_one = choice.value() == Some(&one);
            table[usize::from(is_one)][usize::from(choice.coin().unwrap())] += 1;
        }
        let chi_square = independence(&table);
        prop_assert!(chi_square < 38.7, "{} of {:?}", chi_square, table);
    }
}
