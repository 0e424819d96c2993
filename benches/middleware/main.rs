//! What a request costs under the layer, beside what one would write by hand.
//!
//! `cargo bench --bench middleware`. Every program answers the same request of a known visitor
//! over the same router; compare within one run.

#![allow(missing_docs, clippy::unwrap_used)]

mod programs;
#[path = "../turns/mod.rs"]
mod turns;

use std::time::Instant;

use allocation_counter::measure;
use axum::{Router, body::Body};
use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use futures_util::FutureExt;
use http::{Request, Response, header::COOKIE};
use tower::Service;

use self::programs::{BY_HAND, CONTROLLED, READ};

const BROWSER: &str = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like \
                       Gecko) Chrome/140.0.0.0 Safari/537.36";

/// Returns a request with the visitor's cookie between two others, as a browser sends them.
fn request(visitor: &str) -> Request<Body> {
    let cookies = format!("theme=dark; __Host-tracks={visitor}; _ga=GA1.1.1.1");
    let request = Request::get("/")
        .header(COOKIE, cookies)
        .header("host", "shop.example")
        .header("user-agent", BROWSER);
    request.body(Body::empty()).unwrap()
}

/// Answers a request; no program waits for anything.
fn answer(app: &mut Router, request: Request<Body>) -> Response<Body> {
    app.call(request).now_or_never().unwrap().unwrap()
}

fn programs(c: &mut Criterion) {
    let mut group = c.benchmark_group("request");
    group.throughput(Throughput::Elements(1));
    for (name, mut app, header, visitor) in programs::all() {
        let response = answer(&mut app, request(&visitor));
        let written = response.headers().contains_key("tracks-exposure");
        assert_eq!(written, header, "{name} is not the program it says");
        let request_made = request(&visitor);
        let allocations = measure(|| drop(answer(&mut app, request_made))).count_total;
        println!("{name}: {allocations} allocations");
        group.bench_function(name, |b| {
            b.iter_batched(
                || request(&visitor),
                |request| answer(&mut app, request),
                BatchSize::SmallInput,
            );
        });
    }
    group.finish();
}

/// Prints the median of each program, its ratio to what is written by hand, and what controls add.
fn in_turns(_: &mut Criterion) {
    const ROUNDS: usize = 1000;
    const REQUESTS: u32 = 100;
    let programs = programs::all();
    let names = programs.each_ref().map(|(name, ..)| *name);
    let mut works = programs.map(|(_, mut app, _, visitor)| {
        move || {
            let requests: Vec<_> = (0..REQUESTS).map(|_| request(&visitor)).collect();
            let start = Instant::now();
            requests
                .into_iter()
                .for_each(|request| drop(answer(&mut app, request)));
            start.elapsed() / REQUESTS
        }
    });
    let times = turns::take(ROUNDS, &mut works.each_mut().map(|work| work as _));
    let of = |wanted: &str| {
        let index = names.iter().position(|name| *name == wanted);
        &times[index.unwrap()]
    };
    for (name, times_of) in names.iter().zip(&times) {
        let nanoseconds = times_of.median() * 1e9;
        let ratio = times_of.over(of(BY_HAND)).median();
        println!("in turns: {name:32} {nanoseconds:6.0} ns  {ratio:.3} x by hand");
    }
    for name in names.iter().filter(|name| name.starts_with(CONTROLLED)) {
        let ratio = of(name).over(of(READ)).median();
        println!("in turns: {name:32} {ratio:.3} x {READ}");
    }
}

criterion_group!(benches, in_turns, programs);
criterion_main!(benches);
