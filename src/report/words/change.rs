use crate::report::ChangeReport;

use super::paragraph;

/// Writes the changes of the running test, a paragraph each.
pub(super) fn write(out: &mut String, changes: &[ChangeReport]) {
    for change in changes {
        paragraph(out, "  > ", &line(change));
    }
}

fn line(change: &ChangeReport) -> String {
    let ChangeReport {
        number,
        in_force,
        sentence,
        author,
        reason,
        ..
    } = change;
    let without_effect = change.without_effect.iter();
    let without_effect = without_effect.map(|why| format!(" (without effect: {why})"));
    let without_effect: String = without_effect.collect();
    format!("{in_force}, change {number}: {sentence}{without_effect}, by {author}: {reason}")
}
