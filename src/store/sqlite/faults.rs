//! Known faults of SQLite versions. A program may link an old SQLite through another dependency, so
//! the version is checked when it runs.

use std::sync::Once;

use crate::warn::warn;

/// Versions of SQLite with a known fault that a store can meet, from the first one that has the
/// fault to the first one that does not.
///
/// * CVE-2025-29087 and CVE-2025-3277, `concat_ws` writes beyond its memory: 3.44.0 to 3.49.0.
/// * CVE-2025-6965, aggregates with too many columns write beyond their memory: up to 3.50.1.
/// * CVE-2025-7709, an index of FTS5 in a crafted file is read beyond its memory: 3.49.1 to 3.50.2.
/// * The WAL-reset fault: two connections that write and checkpoint at once damage the database, up
///   to 3.51.2, and not in 3.50.7.
const FAULTY: [(i32, i32); 2] = [(0, 3_050_007), (3_051_000, 3_051_003)];

/// Warns once where the SQLite of the program has a known fault.
///
/// Cargo builds one SQLite into a program. A dependency such as the feature `sqlite` of sqlx 0.8 can
/// hold it at a faulty version, so the manifest alone cannot rule that out.
pub(super) fn warn_once() {
    static WARNED: Once = Once::new();
    if is_faulty(rusqlite::version_number()) {
        WARNED.call_once(|| {
            warn(format_args!(
                "SQLite {} has known faults that can damage a database or, in a crafted file, \
                 memory; raise `rusqlite` to 0.39 or later, and whichever dependency keeps it lower, \
                 and open no files of strangers until then",
                rusqlite::version()
            ));
        });
    }
}

/// Returns whether a version, as SQLite numbers it, has one of the faults.
fn is_faulty(version: i32) -> bool {
    FAULTY
        .iter()
        .any(|(first, fixed)| (*first..*fixed).contains(&version))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_compiled_sqlite_has_no_known_fault() {
        assert!(
            !is_faulty(rusqlite::version_number()),
            "{}",
            rusqlite::version()
        );
    }

    /// The SQLite that each version of `rusqlite` in the range bundles.
    #[test]
    fn bundled_versions_with_faults_are_known() {
        let bundled = [
            ("0.32.1", 3_046_000, true),
            ("0.33", 3_048_000, true),
            ("0.34", 3_049_001, true),
            ("0.35", 3_049_001, true),
            ("0.36", 3_049_002, true),
            ("0.37", 3_050_002, true),
            ("0.38", 3_051_001, true),
            ("0.39", 3_051_003, false),
            ("0.40.0", 3_053_001, false),
            ("0.40.2", 3_053_002, false),
            ("0.42", 3_054_001, false),
        ];
        for (rusqlite, version, expected) in bundled {
            assert_eq!(is_faulty(version), expected, "rusqlite {rusqlite}");
        }
        assert!(is_faulty(3_050_006) && !is_faulty(3_050_007) && is_faulty(3_051_000));
    }
}
