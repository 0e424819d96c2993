//! Texts of strangers in Markdown.

/// Returns a text in one line in which no character has a meaning of Markdown or HTML.
///
/// CommonMark lets a backslash stand before each ASCII punctuation character. A `|` would otherwise end the cell
/// of a table, and an `@` notify somebody in a ticket.
pub(crate) fn markdown(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            _ if letter.is_control() => escaped.push(' '),
            // GitHub reads a name after an `@` also behind a backslash.
            '@' => escaped.push_str("&#64;"),
            '\\' | '`' | '*' | '_' | '{' | '}' | '[' | ']' | '<' | '>' | '(' | ')' | '#' | '+'
            | '!' | '|' | '~' | '&' | ':' => {
                escaped.push('\\');
                escaped.push(letter);
            }
            _ => escaped.push(letter),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_has_a_meaning() {
        for (text, expected) in [
            ("a track", "a track"),
            ("a|b\n# c", "a\\|b \\# c"),
            ("<img src=x>", "\\<img src=x\\>"),
            ("@ann [x](http://y)", "&#64;ann \\[x\\]\\(http\\://y\\)"),
        ] {
            assert_eq!(markdown(text), expected);
        }
    }
}
