//! Whether the tracks have as many units as they should.
//!
//! A mismatch means that units are lost or added unevenly, most often by a bug that biases the
//! goals too. So it comes before everything else.

mod dirichlet;
mod headcount;
mod pearson;

pub use self::{
    dirichlet::{CONCENTRATION, ratio_evidence, ratio_p},
    headcount::{Headcount, stray},
    pearson::{Pearson, pearson},
};
