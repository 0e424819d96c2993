//! A generator of random numbers whose every number is known beforehand.

/// xoshiro256++ 1.0 (Blackman & Vigna 2019), seeded by SplitMix64 as its authors advise.
///
/// The tests have their own, so that a seed gives the same numbers for ever.
pub(super) struct Generator([u64; 4]);

impl Generator {
    pub(super) fn new(seed: u64) -> Self {
        let mut state = seed;
        Self(std::array::from_fn(|_| {
            state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
            let mut z = state;
            z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
            z ^ (z >> 31)
        }))
    }

    pub(super) fn bits(&mut self) -> u64 {
        let s = &mut self.0;
        let answer = s[0].wrapping_add(s[3]).rotate_left(23).wrapping_add(s[0]);
        let shifted = s[1] << 17;
        s[2] ^= s[0];
        s[3] ^= s[1];
        s[1] ^= s[2];
        s[0] ^= s[3];
        s[2] ^= shifted;
        s[3] = s[3].rotate_left(45);
        answer
    }

    /// A number between 0 and 1, both excluded.
    pub(super) fn uniform(&mut self) -> f64 {
        ((self.bits() >> 12) as f64 + 0.5) / 4_503_599_627_370_496.0
    }

    pub(super) fn chance(&mut self, probability: f64) -> bool {
        self.uniform() < probability
    }

    /// The index of a weight, drawn as often as it weighs.
    pub(super) fn one_of(&mut self, weights: &[f64]) -> usize {
        let mut left = self.uniform() * weights.iter().sum::<f64>();
        for (index, weight) in weights.iter().enumerate() {
            left -= weight;
            if left < 0.0 {
                return index;
            }
        }
        weights.len() - 1
    }

    /// An exponential number of mean 1.
    pub(super) fn exponential(&mut self) -> f64 {
        -self.uniform().ln()
    }

    /// A standard normal number (Box & Muller 1958).
    pub(super) fn normal(&mut self) -> f64 {
        let radius = (-2.0 * self.uniform().ln()).sqrt();
        radius * (std::f64::consts::TAU * self.uniform()).cos()
    }
}

#[test]
fn the_numbers_are_those_of_its_authors() {
    // The first numbers of the reference implementation from the state 1, 2, 3, 4.
    let mut generator = Generator([1, 2, 3, 4]);
    let first = [
        41_943_041,
        58_720_359,
        3_588_806_011_781_223,
        3_591_011_842_654_386,
    ];
    assert_eq!(first, std::array::from_fn(|_| generator.bits()));
}

#[test]
fn normal_numbers_are_normal() {
    let mut generator = Generator::new(1);
    let numbers: Vec<f64> = (0..20_000).map(|_| generator.normal()).collect();
    let moment = |power| numbers.iter().map(|x| x.powi(power)).sum::<f64>() / 20_000.0;
    assert!(moment(1).abs() < 0.03 && (moment(2) - 1.0).abs() < 0.05);
    assert!((moment(4) - 3.0).abs() < 0.4);
}
