//! What was counted, as the least numbers that say all: sufficient statistics.

mod mean;
mod rate;
mod ratio;
mod sums;
mod wide;

pub use self::{mean::Mean, rate::Rate, ratio::Ratio, sums::RatioSums};
