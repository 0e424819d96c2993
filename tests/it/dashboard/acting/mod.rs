//! Changes of running sets, made and shown on pages.

mod acts;
mod listed;
mod refused;
mod shown;

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering::SeqCst},
    },
    time::Duration,
};

use axum::{Router, body::Body};
use http::Request;
use tower_tracks::{
    SimpleTrackSet, TracksLayer,
    control::{Appended, ChangeLog, Changes, Controls, ControlsBuilder, Draft, MemoryLog},
    store::{StoreError, StoreErrorKind},
};

use super::{Answer, dashboard, filled, post, read, send};

/// A dashboard with the controls of two sets: `pricing`, which has results, and `idle`, which has none.
struct Shop {
    router: Router,
    controls: Controls,
    _layers: [TracksLayer; 2],
}

impl Shop {
    async fn new() -> Self {
        Self::of(Controls::builder(MemoryLog::default())).await
    }

    async fn of(builder: ControlsBuilder) -> Self {
        let controls = builder.every(Duration::from_millis(10)).start().unwrap();
        let idle = SimpleTrackSet::new("idle").formerly("before");
        let idle = idle.track("new", ()).share(0.0);
        let layers = [super::filled::pricing().unwrap(), idle.build().unwrap()];
        let layers = layers.map(|sets| TracksLayer::new(sets).controls(&controls));
        let router = layers.iter().fold(dashboard(filled().0), |pages, layer| {
            pages.pauses(layer.pauses())
        });
        let router = router.controls(&controls).into_router();
        read(&router).await;
        Self {
            router,
            controls,
            _layers: layers,
        }
    }

    /// Opens a page as a person.
    async fn open(&self, who: &str, path: &str) -> Answer {
        open(&self.router, who, path).await
    }

    /// Sends a form as a person.
    async fn send(&self, who: &str, form: &str) -> Answer {
        post(&self.router, "/change", &[("x-who", who)], form).await
    }

    /// Opens the page of an act, and sends its form with a reason.
    async fn act(&self, who: &str, query: &str, reason: &str) -> Answer {
        let page = self.open(who, &format!("/change?{query}")).await;
        assert!(page.status.is_success(), "{query}: {}", page.body);
        let form = format!("{}&reason={}", form(&page.body), encoded(reason));
        self.send(who, &form).await
    }
}

async fn open(router: &Router, who: &str, path: &str) -> Answer {
    let request = Request::get(path).header("x-who", who);
    send(router, request.body(Body::empty()).unwrap()).await
}

/// Returns the hidden fields of the form that makes a change, as a browser sends them.
fn form(page: &str) -> String {
    let form = page
        .split("<form method=\"post\" action=\"change\">")
        .nth(1);
    let form = form.expect(page).split("</form>").next().unwrap();
    let hidden = form.split("<input type=\"hidden\" name=\"").skip(1);
    let fields = hidden.map(|field| {
        let (name, rest) = field.split_once("\" value=\"").unwrap();
        let value = rest.split('"').next().unwrap();
        format!("{name}={}", encoded(&plain(value)))
    });
    fields.collect::<Vec<_>>().join("&")
}

/// Returns the text that a browser makes of an escaped one.
fn plain(text: &str) -> String {
    let pairs = [
        ("&#60;", "<"),
        ("&#62;", ">"),
        ("&#34;", "\""),
        ("&#39;", "'"),
        ("&#38;", "&"),
    ];
    pairs
        .iter()
        .fold(text.to_owned(), |text, (from, to)| text.replace(from, to))
}

fn encoded(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect()
}

/// A log that can fail.
#[derive(Clone, Default)]
struct Failing {
    log: Arc<MemoryLog>,
    fails: Arc<AtomicBool>,
}

impl Failing {
    fn check(&self) -> Result<(), StoreError> {
        let away = || StoreError::new(StoreErrorKind::Unavailable, "it is on <b>holiday");
        match self.fails.load(SeqCst) {
            true => Err(away()),
            false => Ok(()),
        }
    }
}

impl ChangeLog for Failing {
    fn after(&self, number: u64) -> Result<Changes, StoreError> {
        self.check()?;
        self.log.after(number)
    }

    fn append(&self, draft: &Draft, previous: u64) -> Result<Appended, StoreError> {
        self.check()?;
        self.log.append(draft, previous)
    }
}
