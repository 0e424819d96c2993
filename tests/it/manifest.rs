//! What the manifest promises.

use std::{collections::HashMap, process::Command};

use serde_json::Value;

fn cargo(arguments: &[&str]) -> String {
    let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned());
    let manifest = concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml");
    let output = Command::new(cargo)
        .args(arguments)
        .args(["--manifest-path", manifest])
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8(output.stdout).unwrap()
}

/// Returns the names of the normal dependencies with these features, without our own crates.
fn dependencies(features: &str) -> Vec<String> {
    let tree = [
        "tree",
        "--edges=normal",
        "--no-default-features",
        "--features",
        features,
        "--prefix=none",
        "--format={p}",
        "--package=tower-tracks",
    ];
    let mut names: Vec<String> = cargo(&tree)
        .lines()
        .filter_map(|line| line.split_whitespace().next())
        .filter(|name| !name.starts_with("tower-tracks"))
        .map(str::to_owned)
        .collect();
    names.sort();
    names.dedup();
    names
}

/// Returns the `rust-version` of a package as numbers.
fn version(package: &Value) -> Vec<u64> {
    let version = package["rust_version"].as_str().unwrap_or("0");
    version
        .split('.')
        .map(|part| part.parse().unwrap())
        .collect()
}

#[test]
fn rust_version_is_the_highest_of_the_default_dependencies() {
    let metadata: Value =
        serde_json::from_str(&cargo(&["metadata", "--format-version=1"])).unwrap();
    let packages: HashMap<&str, Vec<u64>> = metadata["packages"]
        .as_array()
        .unwrap()
        .iter()
        .map(|package| (package["name"].as_str().unwrap(), version(package)))
        .collect();
    let highest = dependencies("default")
        .iter()
        .map(|name| packages[&**name].clone())
        .max();
    let with_zero = |mut version: Vec<u64>| {
        version.resize(3, 0);
        version
    };
    assert_eq!(
        highest.map(with_zero),
        Some(with_zero(packages["tower-tracks"].clone())),
        "`rust-version` of Cargo.toml is not the highest of the default features' dependencies"
    );
}

#[test]
fn the_core_needs_sha2_and_libm_alone() {
    let of_sha2 = dependencies("");
    let known = [
        "block-buffer",
        "cfg-if",
        "cpufeatures",
        "crypto-common",
        "digest",
        "hybrid-array",
        "libc",
        "libm",
        "sha2",
        "typenum",
    ];
    for name in &of_sha2 {
        assert!(known.contains(&&**name), "{name}");
    }
    assert!(of_sha2.iter().any(|name| name == "libm") && of_sha2.iter().any(|name| name == "sha2"));
}

#[test]
fn no_feature_needs_a_runtime() {
    for feature in [
        "axum",
        "cli",
        "decode",
        "derive",
        "files",
        "mask",
        "metrics",
        "overrides",
        "propagation",
        "python",
        "record",
        "serde",
        "sqlite",
        "stats",
        "store",
        "test-util",
        "tower",
        "tracing",
        "units",
    ] {
        let names = dependencies(feature);
        for runtime in ["tokio", "hyper", "axum", "tower"] {
            assert!(
                !names.iter().any(|name| name == runtime),
                "{feature} needs {runtime}"
            );
        }
    }
}
