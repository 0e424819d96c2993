use crate::text::is_control;

/// The widest line.
pub(super) const WIDTH: usize = 100;

/// Writes a text in lines, indented; what would steer a terminal is left out.
pub(super) fn paragraph(out: &mut String, first: &str, text: &str) {
    let rest = " ".repeat(first.chars().count());
    let mut line = first.to_owned();
    let mut is_empty = true;
    for word in plain(text)
        .split_whitespace()
        .flat_map(|word| pieces(word, WIDTH - rest.len()))
    {
        if !is_empty && line.chars().count() + 1 + word.chars().count() > WIDTH {
            push_line(out, &line);
            line.clone_from(&rest);
            is_empty = true;
        }
        if !is_empty {
            line.push(' ');
        }
        line.push_str(&word);
        is_empty = false;
    }
    push_line(out, &line);
}

pub(super) fn push_line(out: &mut String, line: &str) {
    out.push_str(line.trim_end());
    out.push('\n');
}

/// Returns a text without control characters, among them those that begin an escape sequence, and
/// without those that turn the direction of writing.
fn plain(text: &str) -> String {
    let plain = |c: char| if is_control(c) { ' ' } else { c };
    text.chars().map(plain).collect()
}

/// Breaks a word that is longer than a line.
fn pieces(word: &str, width: usize) -> Vec<String> {
    let letters: Vec<char> = word.chars().collect();
    letters
        .chunks(width.max(1))
        .map(|piece| piece.iter().collect())
        .collect()
}
