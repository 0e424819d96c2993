//! The default names: those of the enum and its variants, in snake case.

use syn::{Ident, ext::IdentExt};

/// Returns the identifier in snake case, without the `r#` of a raw one.
pub(super) fn snake(ident: &Ident) -> String {
    snake_case(&ident.unraw().to_string())
}

fn snake_case(name: &str) -> String {
    let letters: Vec<char> = name.chars().collect();
    let mut snake = String::new();
    for (index, letter) in letters.iter().enumerate() {
        if begins_word(&letters, index) {
            snake.push('_');
        }
        snake.extend(letter.to_lowercase());
    }
    snake
}

/// Whether a word begins in the middle of `letters`: at a capital after a small letter or a
/// digit, and at the last capital of an abbreviation, as the `F` of `HTTPFast`.
fn begins_word(letters: &[char], index: usize) -> bool {
    let Some((before, from)) = letters.split_at_checked(index) else {
        return false;
    };
    match (before.last(), from) {
        (Some(previous), [letter, rest @ ..]) if letter.is_uppercase() => {
            let ends_abbreviation = rest.first().is_some_and(|next| next.is_lowercase());
            previous.is_lowercase()
                || previous.is_numeric()
                || previous.is_uppercase() && ends_abbreviation
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use proc_macro2::Span;

    use super::*;

    #[track_caller]
    fn check(name: &str, expected: &str) {
        assert_eq!(snake_case(name), expected);
    }

    #[test]
    fn words() {
        check("Control", "control");
        check("TenOff", "ten_off");
        check("PriceOfCoconuts", "price_of_coconuts");
    }

    #[test]
    fn abbreviations() {
        check("HTTPFast", "http_fast");
        check("FastHTTP", "fast_http");
        check("ABTest", "ab_test");
        check("A", "a");
        check("VIP", "vip");
    }

    #[test]
    fn digits_stay_with_the_word_before() {
        check("V2", "v2");
        check("V2Beta", "v2_beta");
        check("HTTP2Fast", "http2_fast");
        check("Ten10Off", "ten10_off");
    }

    #[test]
    fn underscores_are_kept_and_never_doubled() {
        check("ten_off", "ten_off");
        check("Ten_Off", "ten_off");
        check("TEN_OFF", "ten_off");
        check("_Hidden", "_hidden");
    }

    #[test]
    fn beyond_ascii() {
        check("GrößeÄndern", "größe_ändern");
    }

    #[test]
    fn raw_identifiers() {
        let ident = Ident::new_raw("match", Span::call_site());
        assert_eq!(snake(&ident), "match");
    }
}
