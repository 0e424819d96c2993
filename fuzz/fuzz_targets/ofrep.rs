#![no_main]

#[path = "../targets/ofrep.rs"]
mod target;

libfuzzer_sys::fuzz_target!(|data: &[u8]| target::run(data));
