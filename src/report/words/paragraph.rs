use crate::text::spaced;

/// The widest line.
pub(super) const WIDTH: usize = 100;

/// Writes a text in lines, indented; what would steer a terminal is left out.
pub(super) fn paragraph(out: &mut String, first: &str, text: &str) {
    let rest = " ".repeat(first.chars().count());
    let mut line = first.to_owned();
    let mut is_empty = true;
    let text: String = spaced(text).collect();
    let words = text.split_whitespace();
    for word in words.flat_map(|word| pieces(word, WIDTH - rest.len())) {
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

/// Breaks a word that is longer than a line.
fn pieces(word: &str, width: usize) -> Vec<String> {
    let letters: Vec<char> = word.chars().collect();
    let pieces = letters.chunks(width.max(1));
    pieces.map(|piece| piece.iter().collect()).collect()
}
