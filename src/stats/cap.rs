//! Caps on the value of one unit.

use super::NoAnswer;

/// The largest amount that counts for one unit, up or down, so that no single unit decides a test.
///
/// One cap applies to all tracks. Show it with the number of units that it cut.
///
/// Prefer a cap that was set before the test. A cap at a quantile must be computed from the totals of all
/// tracks together, and it changes as data come in.
///
/// ```
/// use tower_tracks::stats::Cap;
///
/// let spent = [0.0, 30.0, 45.0, 12_000.0];
/// let cap = Cap::fixed(500.0).ok_or("not a number")?;
/// let capped: f64 = spent.iter().map(|total| cap.apply(*total)).sum();
/// let cut = spent.iter().filter(|total| cap.cuts(**total)).count();
/// assert_eq!((capped, cut), (575.0, 1));
/// # Ok::<(), &str>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Cap(f64);

impl Cap {
    /// Returns a cap that was set before the test; `None` unless it is a finite number.
    ///
    /// For a negative number, [`apply`](Self::apply) and [`cuts`](Self::cuts) use the absolute value.
    ///
    /// ```
    /// use tower_tracks::stats::Cap;
    ///
    /// assert_eq!(Cap::fixed(500.0).map(Cap::most), Some(500.0));
    /// assert_eq!(Cap::fixed(f64::INFINITY), None);
    /// ```
    pub fn fixed(most: f64) -> Option<Self> {
        most.is_finite().then_some(Self(most))
    }

    /// Returns the cap at a quantile of the totals of all tracks together: the smallest total whose
    /// cumulative share is at least the quantile (`percentile_disc` of SQL).
    ///
    /// Separate caps for each track would hide the effect of a track on its largest totals.
    ///
    /// ```
    /// use tower_tracks::stats::Cap;
    ///
    /// let control = [1.0, 2.0, 3.0, 4.0];
    /// let track = [5.0, 6.0, 7.0, 8.0, 9.0, 100.0];
    /// // Nine of ten totals are at most 9.
    /// let cap = Cap::pooled(&[&control[..], &track[..]], 0.9)?;
    /// assert_eq!(cap.most(), 9.0);
    /// assert_eq!(cap.apply(100.0), 9.0);
    /// # Ok::<(), tower_tracks::stats::NoAnswer>(())
    /// ```
    ///
    /// # Errors
    ///
    /// If there are no totals, if one is not a number, or if the quantile is not from 0 to 1.
    pub fn pooled(tracks: &[&[f64]], quantile: f64) -> Result<Self, NoAnswer> {
        let mut totals = tracks.concat();
        if !(0.0..=1.0).contains(&quantile) || totals.iter().any(|total| !total.is_finite()) {
            return Err(NoAnswer::Impossible);
        }
        let rank = (quantile * totals.len() as f64).ceil() as usize;
        // The rank of a quantile of 0 is that of the smallest total.
        let index = rank.clamp(1, totals.len().max(1)) - 1;
        if totals.is_empty() {
            return Err(NoAnswer::NoUnits);
        }
        // One rank is needed, so that the totals need not be sorted.
        let (_, total, _) = totals.select_nth_unstable_by(index, f64::total_cmp);
        Ok(Self(*total))
    }

    /// Returns the largest amount that counts for a unit, in the unit of the totals.
    ///
    /// ```
    /// use tower_tracks::stats::Cap;
    ///
    /// assert_eq!(Cap::fixed(99.5).map(Cap::most), Some(99.5));
    /// ```
    pub fn most(self) -> f64 {
        self.0
    }

    /// Returns the part of a total that counts: the total, or the cap with the sign of the total if the total
    /// exceeds the cap.
    ///
    /// ```
    /// use tower_tracks::stats::Cap;
    ///
    /// let cap = Cap::fixed(500.0).ok_or("not a number")?;
    /// assert_eq!([30.0, 800.0, -800.0].map(|total| cap.apply(total)), [30.0, 500.0, -500.0]);
    /// # Ok::<(), &str>(())
    /// ```
    pub fn apply(self, total: f64) -> f64 {
        // A pooled cap is negative where the totals are.
        let most = self.0.abs();
        total.clamp(-most, most)
    }

    /// Returns whether the cap cuts a total. A total that equals the cap is not cut.
    ///
    /// ```
    /// use tower_tracks::stats::Cap;
    ///
    /// let cap = Cap::fixed(500.0).ok_or("not a number")?;
    /// assert_eq!([500.0, 501.0, -501.0].map(|total| cap.cuts(total)), [false, true, true]);
    /// # Ok::<(), &str>(())
    /// ```
    pub fn cuts(self, total: f64) -> bool {
        total.abs() > self.0.abs()
    }
}
