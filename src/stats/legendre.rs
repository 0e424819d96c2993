//! The quadrature of chances and plans: 16 points in each panel, and the integral up to each of them.
//!
//! The points are computed once for each process. Sixteen are exact for polynomials up to degree 31;
//! where a density changes fast, the callers take narrower panels rather than more points.

use std::sync::OnceLock;

/// The points in a panel.
pub(super) const POINTS: usize = 16;

/// Gauss-Legendre quadrature over a panel from −1 to 1.
pub(super) struct Legendre {
    pub(super) nodes: [f64; POINTS],
    pub(super) weights: [f64; POINTS],
    /// Row `i` integrates from −1 to node `i` the polynomial through the values at the nodes.
    pub(super) cumulative: [[f64; POINTS]; POINTS],
}

impl Legendre {
    /// The rule, computed at the first call.
    pub(super) fn get() -> &'static Self {
        static RULE: OnceLock<Legendre> = OnceLock::new();
        RULE.get_or_init(Self::new)
    }

    /// The weights are `2 / ((1 − x²) P′(x)²)`. Source: Abramowitz & Stegun 25.4.29.
    fn new() -> Self {
        let nodes = std::array::from_fn(node);
        let weights = nodes.map(|x| {
            let slope = slope(x);
            2.0 / ((1.0 - x * x) * slope * slope)
        });
        let mut cumulative = [[0.0; POINTS]; POINTS];
        for (row, to) in cumulative.iter_mut().zip(nodes) {
            *row = std::array::from_fn(|k| weights[k] * kernel(nodes[k], to));
        }
        Self {
            nodes,
            weights,
            cumulative,
        }
    }
}

/// The zeros of the Legendre polynomial, the least first, by Newton's method.
fn node(index: usize) -> f64 {
    // The zeros are so near to those of a cosine that no step finds the zero of a neighbour.
    let angle = std::f64::consts::PI * (index as f64 + 0.75) / (POINTS as f64 + 0.5);
    let mut x = -libm::cos(angle);
    for _ in 0..10 {
        x -= polynomials(x)[POINTS] / slope(x);
    }
    x
}

/// The Legendre polynomials of degrees 0 to one beyond [`POINTS`].
fn polynomials(x: f64) -> [f64; POINTS + 2] {
    let mut values = [1.0; POINTS + 2];
    values[1] = x;
    for n in 1..=POINTS {
        let degree = n as f64;
        let next = (2.0 * degree + 1.0) * x * values[n] - degree * values[n - 1];
        values[n + 1] = next / (degree + 1.0);
    }
    values
}

/// The derivative of the polynomial whose zeros are the nodes.
fn slope(x: f64) -> f64 {
    let values = polynomials(x);
    let degree = POINTS as f64;
    degree * (values[POINTS - 1] - x * values[POINTS]) / (1.0 - x * x)
}

/// `Σ (m + ½) P_m(node) ∫ P_m` from −1 to a point.
fn kernel(node: f64, to: f64) -> f64 {
    let (at_node, at_point) = (polynomials(node), polynomials(to));
    // The polynomial through the nodes is a sum of Legendre polynomials, whose integrals are
    // differences of the polynomials beside them.
    let first = 0.5 * (to + 1.0);
    let others = (1..POINTS).map(|m| 0.5 * at_node[m] * (at_point[m + 1] - at_point[m - 1]));
    first + others.sum::<f64>()
}

#[cfg(test)]
mod tests {
    use super::Legendre;

    #[test]
    fn polynomials_are_integrated_exactly() {
        let rule = Legendre::get();
        let twentieth = rule.nodes.map(|x| x.powi(20));
        let whole: f64 = twentieth.iter().zip(rule.weights).map(|(y, w)| y * w).sum();
        assert!((whole - 2.0 / 21.0).abs() < 1e-15);
        for (row, to) in rule.cumulative.iter().zip(rule.nodes) {
            let part: f64 = row.iter().zip(rule.nodes).map(|(w, x)| w * x.powi(9)).sum();
            assert!((part - (to.powi(10) - 1.0) / 10.0).abs() < 1e-15, "{to}");
        }
    }
}
