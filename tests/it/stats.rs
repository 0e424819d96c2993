//! The module `stats`: outside truth, what has to hold for every input, and the promises about
//! errors, simulated.

mod vectors;
