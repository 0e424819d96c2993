//! Tracks that are run, at once or asynchronously.

use std::{
    collections::BTreeSet,
    future,
    pin::pin,
    task::{Context, Poll, Waker},
};

use tower_tracks::{
    MultiTrackSet, ParamTrackSet, SimpleTrackSet,
    assign::{Run, RunAsync},
};

use super::delay;

/// Polls a future that never wakes its task to its end.
fn block_on<F: Future>(future: F) -> F::Output {
    let mut future = pin!(future);
    loop {
        let mut context = Context::from_waker(Waker::noop());
        if let Poll::Ready(output) = future.as_mut().poll(&mut context) {
            return output;
        }
    }
}

/// Is pending once.
async fn pause() {
    let mut paused = false;
    future::poll_fn(|_| match std::mem::replace(&mut paused, true) {
        true => Poll::Ready(()),
        false => Poll::Pending,
    })
    .await;
}

/// Checks that every track was chosen, and what it made of 50.
#[track_caller]
fn check(group: &MultiTrackSet, expected: &[(&str, i32)]) {
    let mut outcomes = BTreeSet::new();
    for key in 0..100 {
        let choice = group.assign(key, &());
        let (mut at_once, mut later) = (50, 50);
        choice.run(&mut at_once);
        block_on(choice.run_async(&mut later));
        let changed = [at_once, later].into_iter().find(|price| *price != 50);
        outcomes.insert((choice.track().unwrap(), changed.unwrap_or(50)));
        assert!(at_once == 50 || later == 50, "run in both ways");
    }
    assert_eq!(outcomes, expected.iter().copied().collect());
}

#[test]
fn functions_are_run() {
    fn cheap(price: &mut i32) {
        *price -= 1;
    }
    let captured = 7;
    let group = SimpleTrackSet::new("pricing")
        .run("cheap", cheap)
        .run("expensive", move |price: &mut i32| *price += captured)
        .build()
        .unwrap();
    check(&group, &[("control", 50), ("cheap", 49), ("expensive", 57)]);
    assert!(group.sets().all(|set| set.carries::<Run<i32>>()));
    assert!(!group.sets().any(|set| set.carries::<RunAsync<i32>>()));
}

#[test]
fn async_functions_are_run() {
    async fn cheap(price: &mut i32) {
        pause().await;
        *price -= 1;
    }
    let captured = 7;
    let group = SimpleTrackSet::new("pricing")
        .run_async("cheap", cheap)
        .run_async("closure", async |price: &mut i32| {
            pause().await;
            *price += 2;
        })
        .run_boxed("boxed", move |price| {
            Box::pin(async move {
                pause().await;
                *price += captured;
            })
        })
        .build()
        .unwrap();
    check(
        &group,
        &[
            ("control", 50),
            ("cheap", 49),
            ("closure", 52),
            ("boxed", 57),
        ],
    );
    assert!(group.sets().all(|set| set.carries::<RunAsync<i32>>()));
}

#[test]
fn params_are_run() {
    let group = ParamTrackSet::new("pricing", [-1, 1], |delta: &i32| format!("by_{delta}"))
        .run(|price: &mut i32, delta| *price += delta)
        .build()
        .unwrap();
    check(&group, &[("control", 50), ("by_-1", 49), ("by_1", 51)]);
}

#[test]
fn params_are_run_asynchronously() {
    let group = ParamTrackSet::new("pricing", [-1, 1], |delta: &i32| format!("by_{delta}"))
        .run_boxed(|price: &mut i32, delta| {
            let delta = *delta;
            Box::pin(async move {
                pause().await;
                *price += delta;
            })
        })
        .build()
        .unwrap();
    check(&group, &[("control", 50), ("by_-1", 49), ("by_1", 51)]);
}

#[test]
fn params_are_given_to_async_functions() {
    async fn adjust(price: &mut i32, delta: i32) {
        pause().await;
        *price += delta;
    }
    let group = ParamTrackSet::new("pricing", [-1, 1], |delta: &i32| format!("by_{delta}"))
        .run_async(adjust)
        .build()
        .unwrap();
    check(&group, &[("control", 50), ("by_-1", 49), ("by_1", 51)]);
    let closure = ParamTrackSet::new("pricing", [-1, 1], |delta: &i32| format!("by_{delta}"))
        .run_async(async |price: &mut i32, delta: i32| *price += delta)
        .build()
        .unwrap();
    check(&closure, &[("control", 50), ("by_-1", 49), ("by_1", 51)]);
}

#[test]
fn params_keep_their_value_and_run_for_every_argument() {
    let group = ParamTrackSet::new("pricing", [-1, 1], |delta: &i32| format!("by_{delta}"))
        .without_control()
        .run(|price: &mut i32, delta| *price += delta)
        .run(|price: &mut f64, delta| *price += f64::from(*delta))
        .build()
        .unwrap();
    for key in 0..100 {
        let choice = group.assign(key, &());
        let delta = *choice.value::<i32>().unwrap();
        let (mut whole, mut broken) = (50, 50.0);
        choice.run(&mut whole);
        choice.run(&mut broken);
        assert_eq!((whole, broken), (50 + delta, 50.0 + f64::from(delta)));
    }
}

#[test]
fn other_arguments_stay_as_they_are() {
    let pricing = SimpleTrackSet::new("pricing").run("cheap", |price: &mut i32| *price -= 1);
    let pricing = pricing.without_control().build().unwrap();
    let delay = delay().build().unwrap();
    let mut name = "coconut".to_owned();
    for group in [&pricing, &delay] {
        let choice = group.assign("alice", &());
        choice.run(&mut name);
        block_on(choice.run_async(&mut name));
    }
    assert_eq!(name, "coconut");
}

#[test]
fn no_track_runs_without_a_choice() {
    let pricing = || SimpleTrackSet::new("pricing").run("cheap", |price: &mut i32| *price -= 1);
    for group in [pricing().share(0.0), pricing().weight(0)] {
        let group = group.without_control().build().unwrap();
        let mut price = 50;
        group.assign("alice", &()).run(&mut price);
        assert_eq!(price, 50);
    }
}
