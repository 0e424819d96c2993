//! Pearson's χ², and how uniform its p-values are.

/// Returns the distance of what was observed from equal shares.
pub(crate) fn uniform(observed: &[u32]) -> f64 {
    split(observed, &vec![1; observed.len()])
}

/// Returns the distance of what was observed from shares of these weights.
pub(crate) fn split(observed: &[u32], weights: &[u64]) -> f64 {
    assert_eq!(observed.len(), weights.len());
    let total: f64 = observed.iter().copied().map(f64::from).sum();
    let all: u64 = weights.iter().sum();
    let expected = weights
        .iter()
        .map(|weight| total * *weight as f64 / all as f64);
    distance(observed.iter().copied().zip(expected))
}

/// Returns the distance of a table from that of two independent questions.
pub(crate) fn independence<const COLUMNS: usize>(table: &[[u32; COLUMNS]]) -> f64 {
    let rows = table.iter().map(|row| row.iter().sum::<u32>());
    let columns: [u32; COLUMNS] =
        std::array::from_fn(|column| table.iter().map(|row| row[column]).sum());
    let total = f64::from(columns.iter().sum::<u32>());
    let expected =
        rows.flat_map(|row| columns.map(|column| f64::from(row) * f64::from(column) / total));
    distance(table.iter().flatten().copied().zip(expected))
}

fn distance(cells: impl Iterator<Item = (u32, f64)>) -> f64 {
    cells
        .map(|(observed, expected)| (f64::from(observed) - expected).powi(2) / expected)
        .sum()
}

/// Returns how likely a χ² of one degree of freedom is to be as large as this.
pub(crate) fn p_value_of_df_1(chi_square: f64) -> f64 {
    libm::erfc((chi_square / 2.0).sqrt())
}

/// Returns the largest distance of p-values from the uniform distribution (Kolmogorov, Smirnov).
pub(crate) fn kolmogorov_smirnov(mut p_values: Vec<f64>) -> f64 {
    p_values.sort_by(f64::total_cmp);
    let count = p_values.len() as f64;
    let distance = |(index, p): (usize, &f64)| {
        let (below, upto) = (index as f64 / count, (index + 1) as f64 / count);
        (p - below).max(upto - p)
    };
    p_values
        .iter()
        .enumerate()
        .map(distance)
        .fold(0.0, f64::max)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(actual: f64, expected: f64) {
        assert!((actual - expected).abs() < 1e-6, "{actual}");
    }

    /// Textbook examples, and quantiles from tables.
    #[test]
    fn known_values() {
        check(uniform(&[5, 8, 9, 8, 10, 20]), 13.4);
        check(split(&[30, 70], &[1, 1]), 16.0);
        check(split(&[25, 75], &[1, 3]), 0.0);
        check(independence(&[[10, 20], [30, 40]]), 0.793_650_793);
        check(independence(&[[1, 2], [2, 4], [3, 6], [4, 8]]), 0.0);
        check(p_value_of_df_1(3.841_458_821), 0.05);
        check(p_value_of_df_1(0.0), 1.0);
        check(kolmogorov_smirnov(vec![0.75, 0.25]), 0.25);
        check(kolmogorov_smirnov(vec![0.9, 0.8]), 0.8);
    }
}
