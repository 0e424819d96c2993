//! The command line `tracks` with an application's own sets, so that it knows who is eligible.
//!
//! ```text
//! cargo run --example command_line --features cli -- assign alice vip-bob
//! ```

use std::process::ExitCode;

use tower_tracks::{DefinitionError, MultiTrackSet, SimpleTrackSet, cli};

/// What eligibility looks at.
struct Visitor {
    is_vip: bool,
}

impl Visitor {
    /// A real program queries its database, which may no longer have the user.
    fn find(key: &str) -> Option<Self> {
        let is_vip = key.starts_with("vip-");
        (!key.starts_with("gone-")).then_some(Self { is_vip })
    }
}

/// The sets that the application gives to its layer, too.
fn sets() -> Result<MultiTrackSet<Visitor>, DefinitionError> {
    let pricing = SimpleTrackSet::new("pricing").track("cheap", -1);
    let delay = SimpleTrackSet::new("delay").track("long", 2000);
    MultiTrackSet::builder()
        .add(
            pricing
                .eligible(|visitor: &Visitor| !visitor.is_vip)
                .pin_keys([("tester-7", "cheap"), ("tester-8", "control")]),
        )
        .add(delay)
        .build()
}

fn main() -> ExitCode {
    match sets() {
        Ok(sets) => cli::run(&sets, Visitor::find),
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}
