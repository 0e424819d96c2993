//! Simulated visitors whose behaviour in every track is known. So the true effect
//! of a track is known, too.

/// Visitors one after the other; a seed gives the same ones for ever.
pub(super) struct Visitors {
    random: Random,
    seed: u64,
    count: u64,
}

/// A visitor, before any track was met.
pub(super) struct Visitor {
    /// By what the visitor is known.
    pub(super) key: String,
    /// Between 0 and 1. Who has little of it buys.
    reluctance: f64,
    /// How much more than others the visitor spends; 1 in the mean.
    generosity: f64,
}

/// How visitors behave in a track.
#[derive(Clone, Copy)]
pub(super) struct Behaviour {
    /// The share of visitors that buy.
    pub(super) rate: f64,
    /// What a buyer spends, in the mean.
    pub(super) spend: f64,
}

impl Visitors {
    pub(super) fn new(seed: u64) -> Self {
        Self {
            random: Random::new(seed),
            seed,
            count: 0,
        }
    }
}

impl Iterator for Visitors {
    type Item = Visitor;

    fn next(&mut self) -> Option<Visitor> {
        self.count += 1;
        Some(Visitor {
            key: format!("visitor {} of {}", self.count, self.seed),
            reluctance: self.random.uniform(),
            // The mean of the logarithmic normal distribution is 1.
            generosity: (0.5 * self.random.normal() - 0.125).exp(),
        })
    }
}

impl Visitor {
    /// Returns what the visitor spends under a behaviour; `None` without a purchase.
    pub(super) fn spends(&self, behaviour: Behaviour) -> Option<f64> {
        let buys = self.reluctance < behaviour.rate;
        buys.then_some(behaviour.spend * self.generosity)
    }
}

impl Behaviour {
    /// Returns the true lift of the rate over that of another behaviour.
    pub(super) fn lift(self, control: Self) -> f64 {
        self.rate / control.rate - 1.0
    }

    /// Returns the true lift of what a visitor spends in the mean, buyers or not.
    pub(super) fn value_lift(self, control: Self) -> f64 {
        self.rate * self.spend / (control.rate * control.spend) - 1.0
    }
}

/// xoshiro256++ 1.0 (Blackman & Vigna 2019), seeded by SplitMix64 as its authors advise.
struct Random([u64; 4]);

impl Random {
    fn new(seed: u64) -> Self {
        let mut state = seed;
        Self(std::array::from_fn(|_| {
            state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
            let mut z = state;
            z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
            z ^ (z >> 31)
        }))
    }

    fn bits(&mut self) -> u64 {
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
    fn uniform(&mut self) -> f64 {
        ((self.bits() >> 12) as f64 + 0.5) / 4_503_599_627_370_496.0
    }

    /// A standard normal number (Box & Muller 1958).
    fn normal(&mut self) -> f64 {
        let radius = (-2.0 * self.uniform().ln()).sqrt();
        radius * (std::f64::consts::TAU * self.uniform()).cos()
    }
}
