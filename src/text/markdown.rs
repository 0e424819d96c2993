//! Texts of strangers in Markdown.

/// Returns a text in one line in which no character has a meaning of Markdown or HTML.
///
/// CommonMark lets a backslash stand before each ASCII punctuation character. A `|` would otherwise end the cell
/// of a table, and an `@` notify somebody in a ticket.
pub(crate) fn markdown(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            _ if letter.is_control() || is_turning(letter) => escaped.push(' '),
            // GitHub reads a name after an `@` also behind a backslash.
            '@' => escaped.push_str("&#64;"),
            '\\' | '`' | '*' | '_' | '{' | '}' | '[' | ']' | '<' | '>' | '(' | ')' | '#' | '+'
            | '!' | '|' | '~' | '&' | ':' | '-' | '=' | '.' | '$' => {
                escaped.push('\\');
                escaped.push(letter);
            }
            _ => escaped.push(letter),
        }
    }
    escaped
}

/// Returns whether a character turns the direction of a text, so that it reads as another one.
fn is_turning(letter: char) -> bool {
    matches!(letter, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_is_escaped() {
        for (text, expected) in [
            ("a track", "a track"),
            ("a|b\n# c\u{202e}", "a\\|b \\# c "),
            ("1. www.x -$y=", "1\\. www\\.x \\-\\$y\\="),
            ("<img src=x>", "\\<img src\\=x\\>"),
            ("@ann [x](http://y)", "&#64;ann \\[x\\]\\(http\\://y\\)"),
        ] {
            assert_eq!(markdown(text), expected);
        }
    }
}
