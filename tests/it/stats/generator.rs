//! A generator of random numbers whose every number is known beforehand.

/// xoshiro256++ 1.0 (Blackman & Vigna 2019), seeded by SplitMix64 as its authors advise.
///
/// The tests have their own, so that a seed gives the same numbers for ever.
pub(crate) struct Generator([u64; 4]);

impl Generator {
    pub(crate) fn new(seed: u64) -> Self {
        let mut state = seed;
        Self(std::array::from_fn(|_| {
            state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
            let mut z = state;
            z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
            z ^ (z >> 31)
        }))
    }

    pub(crate) fn bits(&mut self) -> u64 {
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
    pub(crate) fn uniform(&mut self) -> f64 {
        ((self.bits() >> 12) as f64 + 0.5) / 4_503_599_627_370_496.0
    }

    pub(crate) fn chance(&mut self, probability: f64) -> bool {
        self.uniform() < probability
    }

    /// The index of a weight, drawn as often as it weighs.
    pub(crate) fn one_of(&mut self, weights: &[f64]) -> usize {
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
    pub(crate) fn exponential(&mut self) -> f64 {
        -self.uniform().ln()
    }

    /// A standard normal number (Box & Muller 1958).
    pub(crate) fn normal(&mut self) -> f64 {
        let radius = (-2.0 * self.uniform().ln()).sqrt();
        radius * (std::f64::consts::TAU * self.uniform()).cos()
    }
}

/// What is made of these.
impl Generator {
    /// How often something with a probability is tried until it comes, at least once.
    pub(crate) fn geometric(&mut self, probability: f64) -> u64 {
        1 + (self.uniform().ln() / (1.0 - probability).ln()) as u64
    }

    /// A Poisson number, for small means (Knuth 1969).
    pub(crate) fn poisson(&mut self, mean: f64) -> u64 {
        let least = (-mean).exp();
        let mut product = self.uniform();
        let mut count = 0;
        while product > least {
            product *= self.uniform();
            count += 1;
        }
        count
    }

    /// A gamma number of scale 1 (Marsaglia & Tsang 2000).
    pub(crate) fn gamma(&mut self, shape: f64) -> f64 {
        if shape < 1.0 {
            let power = self.uniform().powf(1.0 / shape);
            return self.gamma(shape + 1.0) * power;
        }
        let d = shape - 1.0 / 3.0;
        loop {
            let x = self.normal();
            let v = (1.0 + x / (9.0 * d).sqrt()).powi(3);
            if v > 0.0 && self.uniform().ln() < 0.5 * x * x + d - d * v + d * v.ln() {
                return d * v;
            }
        }
    }

    /// A beta number.
    pub(crate) fn beta(&mut self, a: f64, b: f64) -> f64 {
        let (x, y) = (self.gamma(a), self.gamma(b));
        // Of tiny shapes both may be too small for a double.
        if x + y > 0.0 { x / (x + y) } else { 0.0 }
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
fn other_numbers_have_their_moments() {
    let mut generator = Generator::new(2);
    let mut check = |draw: &dyn Fn(&mut Generator) -> f64, mean: f64, variance: f64| {
        let numbers: Vec<f64> = (0..40_000).map(|_| draw(&mut generator)).collect();
        let found = numbers.iter().sum::<f64>() / 40_000.0;
        let spread = numbers.iter().map(|x| (x - found).powi(2)).sum::<f64>() / 40_000.0;
        assert!(
            (found - mean).abs() < 5.0 * (variance / 40_000.0).sqrt(),
            "{found} {mean}"
        );
        assert!((spread / variance - 1.0).abs() < 0.1, "{spread} {variance}");
    };
    check(&|generator| generator.geometric(1.0 / 3.0) as f64, 3.0, 6.0);
    check(&|generator| generator.poisson(1.7) as f64, 1.7, 1.7);
    check(&|generator| generator.gamma(0.6), 0.6, 0.6);
    check(&|generator| generator.gamma(3.8), 3.8, 3.8);
    check(&|generator| generator.beta(0.4, 3.6), 0.1, 0.1 * 0.9 / 5.0);
    check(&Generator::exponential, 1.0, 1.0);
}

#[test]
fn normal_numbers_are_normal() {
    let mut generator = Generator::new(1);
    let numbers: Vec<f64> = (0..20_000).map(|_| generator.normal()).collect();
    let moment = |power| numbers.iter().map(|x| x.powi(power)).sum::<f64>() / 20_000.0;
    assert!(moment(1).abs() < 0.03 && (moment(2) - 1.0).abs() < 0.05);
    assert!((moment(4) - 3.0).abs() < 0.4);
}
