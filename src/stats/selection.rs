//! The size of a finding, corrected for having been selected.

use super::{NoAnswer, distribution::Normal, root::falling_root};

/// Returns an effect in standard errors, corrected for having been selected because it is at least as far from
/// 0 as a critical value.
///
/// A difference is called a finding if chance and the true effect together carry it beyond the boundary. So
/// findings look too large, those that are hardly beyond it most of all. The corrected effect is
/// median-unbiased: in half of the tests with this effect that are findings, the seen effect is smaller. It is 0
/// at the boundary, and the seen effect far beyond it.
///
/// It is for a test that is read once, at a planned size. A test that stops at the first finding of many looks stops
/// just beyond a boundary, and would get about 0, whatever its true effect.
///
/// `z` is the seen effect, and `critical` is above 0 and at most `|z|`.
///
/// # Errors
///
/// [`NoAnswer::OutOfRange`] if an argument is not as said.
///
/// ```
/// use tower_tracks::stats::selected;
///
/// assert!(selected(1.96, 1.96)?.abs() < 1e-9);
/// assert!((selected(2.5, 1.96)? - 1.5430).abs() < 1e-4);
/// assert!((selected(-8.0, 1.96)? + 8.0).abs() < 1e-6);
/// # Ok::<(), tower_tracks::stats::NoAnswer>(())
/// ```
///
/// Source: Andrews, Kitagawa & McCloskey 2024, "Inference on winners", section 4, for a normal estimate that is
/// selected by its distance from 0.
pub fn selected(z: f64, critical: f64) -> Result<f64, NoAnswer> {
    let seen = z.abs();
    let is_valid = seen.is_finite() && critical > 0.0 && critical <= seen;
    if !is_valid {
        return Err(NoAnswer::OutOfRange);
    }
    // The probability of an effect beyond the seen one, among those that are selected, less one half. It grows
    // with the true effect, and is looked for from the seen effect down.
    let beyond = |effect: f64| {
        let upper = |z: f64| Normal.sf(z - effect).unwrap_or(f64::NAN);
        let below = Normal.sf(critical + effect).unwrap_or(f64::NAN);
        0.5 - upper(seen) / (upper(critical) + below)
    };
    let corrected = falling_root(beyond, seen, 0.5, (0.0, seen));
    Ok(corrected.copysign(z))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_finding_is_refused() {
        for (z, critical) in [
            (1.0, 1.5),
            (f64::NAN, 1.0),
            (1.0, f64::NAN),
            (1.0, 0.0),
            (f64::INFINITY, 1.0),
        ] {
            assert_eq!(
                selected(z, critical),
                Err(NoAnswer::OutOfRange),
                "{z} {critical}"
            );
        }
    }

    #[test]
    fn it_is_between_0_and_what_was_seen() {
        for critical in [0.1, 1.0, 1.96, 3.5, 8.0, 30.0] {
            let mut before = 0.0;
            for step in 0..200 {
                let z = critical + f64::from(step) * 0.1;
                let corrected = selected(z, critical).unwrap();
                assert!(
                    (0.0..=z).contains(&corrected),
                    "{z} {critical}: {corrected}"
                );
                assert!(corrected >= before - 1e-9, "{z} {critical}: {corrected}");
                assert_eq!(selected(-z, critical).unwrap(), -corrected);
                before = corrected;
            }
            assert!(
                (before / (critical + 19.9) - 1.0).abs() < 1e-6,
                "{critical}"
            );
        }
    }
}
