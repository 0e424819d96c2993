use std::{fs, path::Path};

/// The cases of the suite whose macro is written by hand.
const SUITE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/src/store/conformance");

#[test]
fn the_macro_runs_every_case() {
    let suite = Path::new(SUITE);
    let listed = fs::read_to_string(suite.join("macros.rs")).unwrap();
    let mut cases = Vec::new();
    collect(suite, &mut cases);
    assert!(cases.len() > 60, "{}", cases.len());
    for case in cases {
        assert!(listed.contains(&format!(" {case},\n")), "{case}");
    }
}

/// Collects the names of the public functions of a store alone.
fn collect(folder: &Path, cases: &mut Vec<String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, cases);
            continue;
        }
        let text = fs::read_to_string(path).unwrap();
        let functions = text.split("\npub fn ").skip(1);
        let of_store = functions.filter_map(|rest| rest.split_once("(store: &dyn Store) {"));
        let names = of_store
            .map(|(name, _)| name)
            .filter(|name| *name != "add_strangers");
        cases.extend(names.map(str::to_owned));
    }
}
