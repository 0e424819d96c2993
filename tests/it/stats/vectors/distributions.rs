use serde_json::Value;
use tower_tracks::stats::{Beta, ChiSquare, Normal, StudentT};

use super::{
    Tally,
    answer::{compare, relative},
    number, numbers,
};

pub(super) fn run(case: &Value, tally: &mut Tally) -> Result<(), String> {
    let args = numbers(&case["args"])?;
    let name = case["fn"].as_str().unwrap_or_default();
    let got = value(name, &args).ok_or_else(|| format!("{name} has no answer"))?;
    let expected = number(&case["expect"])?;
    let large = matches!(args[..], [_, a, b] if a + b >= 1e8);
    let within = relative(if large { 1e-8 } else { 1e-10 });
    compare(expected, got, within, tally).map_err(|()| format!("{got}, and not {expected}"))?;
    mirrored(name, &args, got)
}

fn value(name: &str, args: &[f64]) -> Option<f64> {
    let chi_square = |freedom: f64| ChiSquare::new(freedom as u32);
    match (name, args) {
        ("norm_sf", [z]) => Normal.sf(*z),
        ("norm_cdf", [z]) => Normal.cdf(*z),
        ("norm_isf", [p]) => Normal.inverse_sf(*p),
        ("t_sf", [t, freedom]) => StudentT::new(*freedom)?.sf(*t),
        ("t_isf", [p, freedom]) => StudentT::new(*freedom)?.inverse_sf(*p),
        ("chi2_sf", [x, freedom]) => chi_square(*freedom)?.sf(*x),
        ("chi2_isf", [p, freedom]) => chi_square(*freedom)?.inverse_sf(*p),
        ("beta_cdf", [x, a, b]) => Beta::new(*a, *b)?.cdf(*x),
        ("beta_sf", [x, a, b]) => Beta::new(*a, *b)?.sf(*x),
        _ => None,
    }
}

/// What the vectors say of one tail holds for the other, and for its quantile.
fn mirrored(name: &str, args: &[f64], got: f64) -> Result<(), String> {
    let same = match (name, args) {
        ("norm_sf", [z]) => Normal.cdf(-z) == Some(got),
        ("norm_isf", [p]) => Normal.inverse_cdf(*p) == Some(-got),
        ("t_sf", [t, freedom]) => StudentT::new(*freedom).and_then(|d| d.cdf(-t)) == Some(got),
        ("t_isf", [p, freedom]) => {
            StudentT::new(*freedom).and_then(|d| d.inverse_cdf(*p)) == Some(-got)
        }
        ("beta_cdf", [x, a, b]) if got > 1e-280 && got < 0.9 => Beta::new(*a, *b)
            .and_then(|d| d.inverse_cdf(got))
            .is_some_and(|found| (found / x - 1.0).abs() < 1e-8),
        ("beta_sf", [x, a, b]) if got > 1e-280 && got < 0.9 => Beta::new(*a, *b)
            .and_then(|d| d.inverse_sf(got))
            .is_some_and(|found| (found / x - 1.0).abs() < 1e-8),
        ("chi2_sf", [x, freedom]) => {
            let distribution = ChiSquare::new(*freedom as u32).ok_or("no distribution")?;
            let lower = distribution.cdf(*x).ok_or("no lower tail")?;
            let back = distribution.inverse_cdf(lower);
            (lower + got - 1.0).abs() < 1e-14
                && (lower > 0.9 || back.is_some_and(|found| (found / x - 1.0).abs() < 1e-10))
        }
        _ => true,
    };
    same.then_some(())
        .ok_or_else(|| "the other tail, or the quantile, disagrees".to_owned())
}
