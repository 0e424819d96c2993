/// The size from which a number is only said to be larger than this.
const LARGEST: f64 = 1e15;

/// How many digits after the point there are at most.
const DIGITS: usize = 12;

/// Writes a number in full, never with an exponent.
///
/// It has `digits` after the point, or as many as show two digits of a number below 0.1.
pub(crate) fn decimal(value: f64, digits: usize) -> String {
    if value.abs() >= LARGEST {
        let (way, sign) = if value < 0.0 {
            ("less", "-")
        } else {
            ("more", "")
        };
        return format!("{way} than {sign}{LARGEST}");
    }
    // Of 0.0092 the first digit that is not zero is the third. Zero has none.
    let first = -libm::floor(libm::log10(value.abs()));
    let needed = match first.is_finite() && first > 1.0 {
        true => first as usize + 1,
        false => 0,
    };
    let written = format!("{value:.*}", digits.max(needed).min(DIGITS));
    match written.bytes().all(|byte| b"-0.".contains(&byte)) {
        true => "0".to_owned(),
        false => written,
    }
}

/// Writes the same with its sign.
pub(crate) fn signed(value: f64, digits: usize) -> String {
    let written = decimal(value, digits);
    match (0.0..LARGEST).contains(&value) && written != "0" {
        true => format!("+{written}"),
        false => written,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_no_exponent() {
        for (value, digits, expected) in [
            (0.0, 2, "0"),
            (1.5, 2, "1.50"),
            (-1.5, 0, "-2"),
            (0.009_172, 2, "0.0092"),
            (-0.009_172, 4, "-0.0092"),
            (0.1, 1, "0.1"),
            (1e-9, 1, "0.0000000010"),
            (1e-30, 1, "0"),
            (-1e-30, 1, "0"),
            (123_456_789.0, 1, "123456789.0"),
            (999_999_999_999_999.0, 0, "999999999999999"),
            (1e15, 1, "more than 1000000000000000"),
            (f64::MIN, 1, "less than -1000000000000000"),
            (f64::INFINITY, 1, "more than 1000000000000000"),
        ] {
            assert_eq!(decimal(value, digits), expected, "{value}");
        }
    }

    #[test]
    fn signs_are_written_where_there_is_a_difference() {
        let written = [0.009_172, -0.5, 0.0, 1e-30, 1e20].map(|value| signed(value, 2));
        let expected = ["+0.0092", "-0.50", "0", "0", "more than 1000000000000000"];
        assert_eq!(written, expected);
    }
}
