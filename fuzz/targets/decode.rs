//! Any text as the header in an access log.

use std::fmt::Write;

use tower_tracks::header::{Exposed, decode};

/// What can be read is written as something that is read alike.
pub(crate) fn run(data: &[u8]) {
    let Ok(exposed) = decode(&String::from_utf8_lossy(data)) else {
        return;
    };
    let written: Vec<String> = exposed.iter().map(member).collect();
    assert_eq!(decode(&written.join(", ")), Ok(exposed));
}

fn member(exposed: &Exposed) -> String {
    let Exposed {
        set, track, phase, ..
    } = exposed;
    let mut member = format!("{set}=\"{track}\";phase={phase}");
    if exposed.forced {
        member.push_str(";forced");
    }
    if let Some(run_id) = exposed.run_id {
        write!(member, ";run=\"{run_id}\"").unwrap();
    }
    if let Some(unit) = exposed.unit {
        write!(member, ";unit=\"{unit}\"").unwrap();
    }
    member
}
