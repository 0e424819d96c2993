/// The largest of the statistics that have one threshold.
pub(super) struct Worst {
    test: &'static str,
    threshold: f64,
    comparisons: usize,
    largest: Option<(f64, String)>,
}

impl Worst {
    pub(super) fn new(test: &'static str, threshold: f64) -> Self {
        Self {
            test,
            threshold,
            comparisons: 0,
            largest: None,
        }
    }

    pub(super) fn add(&mut self, statistic: f64, of: impl FnOnce() -> String) {
        self.comparisons += 1;
        let is_larger = |(largest, _): &(f64, String)| statistic > *largest || statistic.is_nan();
        if self.largest.as_ref().is_none_or(is_larger) {
            self.largest = Some((statistic, of()));
        }
    }

    /// Prints the largest statistic beside the threshold, and fails if it is above.
    #[track_caller]
    pub(super) fn check(self) {
        let (largest, of) = self.largest.expect("nothing was compared");
        let line = format!(
            "{}: the worst of {} is {largest:.4} ({of}); the threshold is {:.4}",
            self.test, self.comparisons, self.threshold
        );
        println!("{line}");
        assert!(largest <= self.threshold, "{line}");
    }
}

#[test]
#[should_panic(expected = "the worst of 2 is 3.0000 (here); the threshold is 2.0000")]
fn a_statistic_above_the_threshold_fails() {
    let mut worst = Worst::new("this", 2.0);
    worst.add(1.0, || "there".to_owned());
    worst.add(3.0, || "here".to_owned());
    worst.check();
}

#[test]
#[should_panic(expected = "the worst of 2 is NaN (here)")]
fn a_statistic_that_is_not_a_number_fails() {
    let mut worst = Worst::new("this", 2.0);
    worst.add(1.0, || "there".to_owned());
    worst.add(f64::NAN, || "here".to_owned());
    worst.check();
}
