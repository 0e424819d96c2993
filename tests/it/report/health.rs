//! Whether the numbers can be trusted: what is said, and when.

use std::time::Duration;

use tower::Layer;
use tower_tracks::{
    Key, MultiTrackSet, SimpleTrackSet, TracksLayer,
    report::{PhaseReport, RatioState, VerdictKind},
    store::{Batch, DefinitionRow, LossRow, PhaseName, Store, Timestamp, TrackName, WriterRow},
    unit::Unit,
};

use super::{
    shop::{DAY, Shop, day, definition_of, phase_of, plan, pricing, units},
    visitors::Visitors,
};

/// A shop whose visitors come within eight days.
fn shop(visitors: usize) -> Shop {
    let mut shop = Shop::new(pricing(plan()));
    shop.every = 8 * DAY / visitors as u32;
    shop.visit(Visitors::new(1).take(visitors));
    shop
}

fn writer(batch: &mut Batch) -> u32 {
    batch.writer(&WriterRow::new([7; 16], day(0)))
}

fn track(phase: &PhaseName, name: &str) -> TrackName {
    TrackName {
        phase: phase.clone(),
        track: name.into(),
        control: name == "control",
    }
}

/// Exposes units to a track of the shop's set, whatever the assignment says.
fn expose(shop: &Shop, name: &str, exposed: impl IntoIterator<Item = Unit>) {
    shop.expose(name, exposed, day(1));
}

fn kinds(phase: &PhaseReport) -> Vec<&str> {
    phase.notices.iter().map(|notice| &*notice.kind).collect()
}

fn verdict(phase: &PhaseReport) -> VerdictKind {
    phase.goals[0].tracks[1].verdict.as_ref().unwrap().kind
}

#[test]
fn a_working_shop_has_no_notices() {
    let phase = shop(2000).report();
    let health = &phase.health;
    assert_eq!(health.sample_ratio.known().unwrap().state, RatioState::Fine);
    assert_eq!(
        (health.crossed, health.stray, health.is_changed()),
        (0, 0, false)
    );
    assert!(health.coin.known && health.coin.alarms.is_empty());
    assert!(health.lost.is_empty() && health.uneven_loss.is_none());
    assert_eq!(health.fingerprints.len(), 1);
    assert!(kinds(&phase).is_empty(), "{:?}", phase.notices);
    assert!(verdict(&phase).is_read());
}

/// Exposes as many strangers to a track as a program sends in a time, from a day on.
fn burst(shop: &Shop, from: u32, (strangers, seconds): (u16, i64)) {
    for number in 0..strangers {
        let mut bytes = [0xee; 16];
        bytes[..2].copy_from_slice(&number.to_be_bytes());
        let micros = i64::from(number) * seconds * 1_000_000 / i64::from(strangers);
        let at = Timestamp::from_micros(day(from).as_micros() + micros);
        shop.expose("cheap", [Unit::from_bytes(bytes)], at);
    }
}

#[test]
fn the_second_that_brought_a_mismatch_is_named() {
    let shop = shop(4000);
    burst(&shop, 1, (500, 1));
    let phase = shop.report();
    assert!(phase.health.is_mismatch());
    assert_eq!(kinds(&phase)[..2], ["mismatch", "busiest-second"]);
    let notice = &phase.notices[1];
    assert_eq!(
        (notice.track.as_deref(), notice.blocks),
        (Some("cheap"), false)
    );
    // One visitor came by himself.
    let expected = "501 units were first exposed in one second, at 2025-03-02 00:00:00 UTC, more than \
                    ten times as many as on average; look in the access log for what sent them";
    assert_eq!(notice.sentence, expected);
    let text = phase
        .to_text()
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ");
    assert!(text.contains(&format!("! cheap: {expected}")), "{text}");
}

/// As many within an hour, few units, and a phase whose seconds are all alike are nothing that strikes.
#[test]
fn no_second_is_named_where_none_strikes() {
    let slow = shop(4000);
    burst(&slow, 1, (500, 3_600));
    let phase = slow.report();
    assert!(phase.health.is_mismatch() && !kinds(&phase).contains(&"busiest-second"));
    let fine = shop(4000);
    burst(&fine, 1, (30, 1));
    let phase = fine.report();
    assert!(!phase.health.is_mismatch() && !kinds(&phase).contains(&"busiest-second"));
    let mut busy = Shop::new(pricing(plan()));
    busy.every = Duration::from_millis(20);
    busy.visit(Visitors::new(1).take(100));
    burst(&busy, 0, (2_000, 40));
    let phase = busy.report();
    assert!(phase.health.is_mismatch() && !kinds(&phase).contains(&"busiest-second"));
}

#[test]
fn units_of_several_tracks_are_counted_and_left_out() {
    let shop = shop(1000);
    let before = shop.report();
    let known = Visitors::new(1).take(20);
    let known = known.map(|visitor| units().unit("visitor", &Key::from(visitor.key)));
    let known: Vec<Unit> = known.collect();
    // Half of them have been in it before.
    expose(&shop, "cheap", known.iter().copied());
    expose(&shop, "control", known);
    let phase = shop.report();
    assert_eq!(phase.health.crossed, 20);
    let first: u64 = phase.tracks.iter().map(|track| track.crossed).sum();
    assert_eq!((first, phase.units), (20, before.units - 20));
    assert!((phase.health.crossed_share - 0.02).abs() < 1e-12);
    // Some of them buy, and that is more than one buyer in a hundred.
    assert_eq!(verdict(&phase), VerdictKind::Crossed);
    assert_eq!(kinds(&phase)[0], "crossed");
}

#[test]
fn units_where_none_can_be_are_strays() {
    let shop = shop(1000);
    let strangers = (1..=3).map(|byte| Unit::from_bytes([byte; 16]));
    expose(&shop, "expensive", strangers);
    let phase = shop.report();
    assert_eq!(phase.health.stray, 3);
    assert_eq!(phase.health.stray_tracks, ["expensive"]);
    assert_eq!((phase.units, phase.tracks.len()), (1000, 2));
    assert_eq!(verdict(&phase), VerdictKind::Stray);

    // A track of weight 0 is switched off.
    let set = SimpleTrackSet::new("pricing").track("cheap", ());
    let set = set.track("off", ()).track_weight("off", 0).plan(plan());
    let mut shop = Shop::new(set.build().unwrap());
    shop.visit(Visitors::new(1).take(500));
    assert_eq!(shop.report().health.stray, 0);
    expose(&shop, "off", [Unit::from_bytes([9; 16])]);
    let phase = shop.report();
    assert_eq!((phase.health.stray, phase.units), (1, 501));
    assert_eq!(phase.health.stray_tracks, ["off"]);
}

#[test]
fn weights_are_those_of_the_definition() {
    let set = SimpleTrackSet::new("pricing")
        .track("cheap", ())
        .track_weight("control", 3);
    let mut shop = Shop::new(set.plan(plan()).build().unwrap());
    shop.visit(Visitors::new(1).take(2000));
    let phase = shop.report();
    assert_eq!(phase.tracks[0].weight, Some(3));
    assert_eq!(phase.tracks[1].expected_share, Some(0.25));
    let ratio = phase.health.sample_ratio.known().unwrap();
    assert_eq!(ratio.state, RatioState::Fine);
    assert!(phase.tracks[0].units > 1400);
}

#[test]
fn losses_are_told_and_uneven_ones_are_called() {
    let lose = |shop: &Shop, sink: &str, lost: [(&str, u64); 2]| {
        let mut batch = Batch::default();
        for (name, n) in lost {
            let track = batch.track(&track(&phase_of(&shop.sets), name));
            let row = LossRow::new(writer(&mut batch), sink.into(), "queue-full".into(), n);
            batch.losses.push(row.track(track));
        }
        shop.store.write(&batch).unwrap();
    };
    let shop = shop(2000);
    lose(&shop, "lines", [("control", 0), ("cheap", 900)]);
    let phase = shop.report();
    assert_eq!(phase.health.uneven_loss, None, "the store lost nothing");
    assert_eq!(kinds(&phase), ["lost"]);
    lose(&shop, "store", [("control", 200), ("cheap", 210)]);
    assert!(shop.report().health.uneven_loss.unwrap() > 0.1);
    lose(&shop, "store", [("control", 200), ("cheap", 900)]);
    let phase = shop.report();
    assert!(phase.health.uneven_loss.unwrap() < 0.001);
    assert_eq!(kinds(&phase), ["uneven-loss", "lost"]);
    let lost = phase
        .health
        .lost
        .iter()
        .find(|lost| lost.sink == "store" && lost.n == 900);
    assert_eq!(lost.unwrap().track.as_deref(), Some("cheap"));
}

#[test]
fn halves_that_differ_are_called() {
    let shop = shop(3000);
    let assigned = |visitor: &super::visitors::Visitor| {
        let choice = shop.sets.assign(visitor.key.clone(), &());
        (choice.track() == Some("cheap"), choice.coin() == Some(true))
    };
    // Only units of one side convert, as if another program recorded that.
    for visitor in Visitors::new(1).take(3000) {
        if assigned(&visitor) == (true, true) {
            let at = super::shop::start() + super::shop::DAY;
            shop.buy(&Key::from(visitor.key), at, 5.0);
        }
    }
    shop.recorder.flush().wait().unwrap();
    // They came within two days and a bit, and all had time.
    let phase = shop.report();
    let [alarm, ..] = &phase.health.coin.alarms[..] else {
        panic!("{:?}", phase.notices);
    };
    assert_eq!((&*alarm.goal, &*alarm.track), ("purchase", "cheap"));
    assert!(kinds(&phase).contains(&"coin"));
}

/// The set with these weights of control and of two tracks; a weight of 0 switches a track off.
fn weighted([control, cheap, dear]: [u64; 3]) -> MultiTrackSet {
    let set = SimpleTrackSet::new("pricing")
        .track("cheap", ())
        .track("dear", ());
    let set = set.track_weight("control", control);
    let set = set.track_weight("cheap", cheap).track_weight("dear", dear);
    set.plan(plan()).build().unwrap()
}

/// A shop in which visitors came under one definition after the other, four days each.
fn shop_of(definitions: &[[u64; 3]]) -> Shop {
    let mut shop = Shop::new(weighted(definitions[0]));
    shop.every = DAY / 250;
    let mut visitors = Visitors::new(1);
    for weights in definitions {
        shop.sets = weighted(*weights);
        shop.visit(visitors.by_ref().take(1000));
    }
    shop
}

/// Sums over times with different weights can say the opposite of each.
#[test]
fn changed_weights_have_no_verdict() {
    let phase = shop_of(&[[1, 1, 1], [3, 1, 1]]).report();
    assert_eq!(verdict(&phase), VerdictKind::WeightsChanged);
    let on = day(4).day();
    assert_eq!(phase.health.weights_changed_on.unwrap().0, on);
    assert_eq!(phase.health.fingerprints.len(), 2);
    let sentence = &phase.goals[0].tracks[1].verdict.as_ref().unwrap().sentence;
    assert!(
        sentence.contains("the weights changed on 2025-03-05"),
        "{sentence}"
    );
    let why = phase.goals[0].tracks[1].compared.as_ref().unwrap().why();
    assert!(why.unwrap().starts_with("hidden"), "{why:?}");
    assert!(phase.series.is_empty());
    // Each period by itself, with its own sample ratio.
    assert_eq!(
        phase.health.sample_ratio.known().unwrap().state,
        RatioState::Fine
    );
    let [first, second] = &phase.periods[..] else {
        panic!("{:?}", phase.periods)
    };
    let weights = |period: &tower_tracks::report::PeriodReport| {
        period
            .tracks
            .iter()
            .map(|track| track.weight)
            .collect::<Vec<_>>()
    };
    assert_eq!(
        (weights(first), weights(second)),
        (vec![1, 1, 1], vec![3, 1, 1])
    );
    let units: u64 = first.tracks.iter().map(|track| track.units).sum();
    assert_eq!((units, first.until.0 < second.from.0), (1000, true));
    assert!(
        second.goals[0].tracks[1]
            .compared
            .as_ref()
            .unwrap()
            .known()
            .is_some()
    );
    let text = phase.to_text();
    assert!(
        text.contains("with the weights control 3, cheap 1, dear 1"),
        "{text}"
    );
}

/// A definition that was rolled back before anybody saw it changes nothing.
#[test]
fn a_definition_that_served_nobody_changes_nothing() {
    let before = shop_of(&[[1, 1, 1], [1, 1, 1]]).report();
    let mut shop = shop_of(&[[1, 1, 1]]);
    let mut visitors = Visitors::new(1);
    visitors.by_ref().take(1000).for_each(drop);
    shop.sets = weighted([1, 3, 1]);
    // The layer of the new deploy is made, its health check answers, and it is rolled back.
    let layer = TracksLayer::new(shop.sets.clone()).observe(shop.recorder.clone());
    let _ = layer.layer(());
    shop.recorder.flush().wait().unwrap();
    shop.sets = weighted([1, 1, 1]);
    shop.visit(visitors.take(1000));
    assert_eq!(shop.report(), before);
    // Also where another program had stored it.
    let set = weighted([1, 3, 1]);
    let set = set.sets().next().unwrap();
    let mut batch = Batch::default();
    let phase = batch.phase(&PhaseName::of(set));
    let mut row = definition_of(set, phase);
    row.first_at = day(2);
    batch.definitions.push(row);
    shop.store.write(&batch).unwrap();
    assert_eq!(shop.report(), before);
}

/// A track that is switched off keeps its units, and the others are read on.
#[test]
fn a_track_that_was_switched_off_is_no_fault() {
    let phase = shop_of(&[[1, 1, 1], [1, 1, 0]]).report();
    assert_eq!(
        (phase.health.stray, phase.health.weights_changed_on),
        (0, None)
    );
    let kind = |track: usize| phase.goals[0].tracks[track].verdict.as_ref().unwrap().kind;
    assert!(kind(1).is_read());
    assert_eq!(kind(2), VerdictKind::SwitchedOff);
    let dear = &phase.tracks[2];
    assert_eq!(dear.switched_off_on.unwrap().0, day(4).day());
    assert!(dear.units > 250 && phase.goals[0].tracks[2].units == dear.units);
    assert!(
        kinds(&phase).contains(&"switched-off"),
        "{:?}",
        phase.notices
    );
    // Alone, the other track has the whole of alpha.
    let compared = phase.goals[0].tracks[1].compared.as_ref().unwrap();
    assert_eq!(compared.known().unwrap().alpha, 0.05);
}

/// A canary that served a few units does not stop the test.
#[test]
fn weights_that_served_few_units_do_not_matter() {
    let mut shop = shop_of(&[[1, 1, 1], [1, 1, 1]]);
    shop.sets = weighted([1, 3, 1]);
    shop.visit(Visitors::new(7).take(15));
    let phase = shop.report();
    // The latest definition is in force, and has too few units to have changed the weights.
    assert_eq!(phase.health.fingerprints.len(), 2);
    assert_eq!(phase.health.weights_changed_on, None);
}

#[test]
fn a_definition_that_cannot_be_read_has_no_weights() {
    let shop = Shop::new(pricing(plan()));
    let mut batch = Batch::default();
    let phase = batch.phase(&phase_of(&shop.sets));
    let json = r#"{"name":"pricing"}"#.into();
    let row = DefinitionRow::new(phase, [1; 32], json, day(0));
    batch.definitions.push(row);
    shop.store.write(&batch).unwrap();
    let strangers = (0..250_u8).map(|byte| Unit::from_bytes([byte; 16]));
    expose(&shop, "control", strangers.clone().step_by(2));
    expose(&shop, "cheap", strangers.skip(1).step_by(2));
    let phase = shop.report();
    let why = phase.health.sample_ratio.why().unwrap();
    assert!(why.starts_with("no definition"), "{why}");
    assert_eq!((phase.units, phase.tracks[0].weight), (250, None));
    assert!(kinds(&phase).contains(&"no-definition"));
}
