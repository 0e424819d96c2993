use std::time::Duration;

use super::Failure;

/// How much more memory the last fifth may take than the second.
const MOST: f64 = 1.10;

/// How much memory the server took, from the second fifth of the time on.
#[derive(Default)]
pub(super) struct Memory(Vec<(Duration, u64)>);

impl Memory {
    pub(super) fn sample(&mut self, at: Duration, bytes: u64) {
        self.0.push((at, bytes));
    }

    /// Compares the last fifth with the second, and returns the result as text.
    pub(super) fn check(&self, fifth: Duration) -> Result<String, Failure> {
        if self.0.is_empty() {
            return Ok("memory was NOT MEASURED, since there is no /proc".to_owned());
        }
        let median = |from: u32| {
            let is_in = |at: Duration| at >= fifth * from && at < fifth * (from + 1);
            let samples = self.0.iter().filter(|(at, _)| is_in(*at));
            let mut bytes: Vec<u64> = samples.map(|(_, bytes)| *bytes).collect();
            bytes.sort_unstable();
            bytes.get(bytes.len() / 2).copied().unwrap_or_default() as f64
        };
        let (second, last) = (median(0), median(3));
        let text = format!(
            "memory {:.1} MB in the second fifth, {:.1} MB in the last ({:+.1}%)",
            second / 1e6,
            last / 1e6,
            100.0 * (last / second - 1.0)
        );
        match second > 0.0 && last > 0.0 && last <= second * MOST {
            true => Ok(text),
            false => Err(text),
        }
    }
}
