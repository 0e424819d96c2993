//! Headers that another implementation sealed: `tests/vectors/propagation.py` writes them.
//!
//! `TRACKS_PROPAGATION_VECTORS` names another file of the same format.

use std::{
    env, fs,
    path::Path,
    time::{Duration, SystemTime},
};

use serde::Deserialize;
use serde_json::Value;
use tower_tracks::middleware::{Clock, Propagation};

use super::{Service, behind, counted, delay};
use crate::support::{body_text, send};

#[derive(Deserialize)]
struct File {
    secret: String,
    now: u64,
    cases: Vec<Case>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    case: String,
    content: Value,
    header: String,
    /// The choice that was passed; none if the header is refused.
    choice: Option<String>,
    counted: bool,
}

#[tokio::test]
async fn propagation() {
    let ours = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/vectors/propagation.json");
    let path = env::var_os("TRACKS_PROPAGATION_VECTORS").map_or(ours, Into::into);
    let file: File = serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap();
    let now = SystemTime::UNIX_EPOCH + Duration::from_secs(file.now);
    for case in &file.cases {
        check(&file.secret, now, case).await;
    }
    println!("propagation: {} cases", file.cases.len());
    assert!(file.cases.len() >= 19);
}

async fn check(secret: &str, now: SystemTime, case: &Case) {
    let name = &case.case;
    let propagation = Propagation::new(secret).unwrap();
    let layer = behind(delay()).accept_propagated(propagation);
    let layer = layer.clock(Clock::from_fn(move || now));
    let counts = layer.counts();
    let service = Service::new(layer).reads(&["delay"]);
    // Without a header, a bot.
    let headers = [("user-agent", ""), ("tracks-propagation", &*case.header)];
    let answer = body_text(send(service.router(), "GET", "/", &headers).await).await;
    assert_eq!(answer, case.choice.as_deref().unwrap_or("(bot)"), "{name}");
    let refused = u64::from(case.choice.is_none());
    assert_eq!(counts.refused_propagations(), refused, "{name}");
    let expected = case.counted.then(|| {
        let key = case.content["k"]["visitor"].as_str().unwrap();
        format!("{answer} {key}")
    });
    let expected: Vec<String> = expected.into_iter().collect();
    assert_eq!(counted(&service.observed), expected, "{name}");
}
