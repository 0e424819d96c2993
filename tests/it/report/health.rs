//! Whether the numbers can be trusted: what is said, and when.

use tower_tracks::{
    Key, SimpleTrackSet, Unit,
    record::{Batch, DefinitionRow, ExposureRow, LossRow, PhaseName, Store, TrackName, WriterRow},
    report::{PhaseReport, RatioState, VerdictKind},
};

use super::{
    shop::{Shop, day, phase_of, plan, pricing, units},
    visitors::Visitors,
};

fn shop(visitors: usize) -> Shop {
    let mut shop = Shop::new(pricing(plan()));
    shop.visit(Visitors::new(1).take(visitors));
    shop
}

fn writer(batch: &mut Batch) -> u32 {
    batch.writer(&WriterRow {
        uuid: [7; 16],
        node: "".into(),
        started_at: day(0),
    })
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
    let mut batch = Batch::default();
    let row = ExposureRow {
        writer: writer(&mut batch),
        track: batch.track(&track(&phase_of(&shop.sets), name)),
        unit: Unit::from_bytes([0; 16]),
        first_at: day(1),
        coin: Some(true),
        definition: None,
        segment: None,
    };
    let rows = exposed.into_iter().map(|unit| ExposureRow { unit, ..row });
    batch.exposures.extend(rows);
    shop.store.write(&batch).unwrap();
}

fn kinds(phase: &PhaseReport) -> Vec<&str> {
    phase.notices.iter().map(|notice| &*notice.kind).collect()
}

fn verdict(phase: &PhaseReport) -> VerdictKind {
    phase.goals[0].tracks[1].verdict.as_ref().unwrap().kind
}

#[test]
fn nothing_is_wrong_with_a_shop_that_works() {
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
    assert_eq!(phase.units, before.units - 20);
    assert!((phase.health.crossed_share - 0.02).abs() < 1e-12);
    assert_eq!(verdict(&phase), VerdictKind::Crossed);
    assert_eq!(kinds(&phase), ["crossed"]);
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
            let row = LossRow {
                writer: writer(&mut batch),
                track: Some(batch.track(&track(&phase_of(&shop.sets), name))),
                goal: None,
                sink: sink.into(),
                reason: "queue-full".into(),
                n,
            };
            batch.losses.push(row);
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
    // Whoever is of one side buys, as if that were recorded by another program.
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

#[test]
fn several_definitions_of_a_phase_are_told() {
    let shop = shop(2000);
    let phases = shop.store.phases().unwrap();
    let mut batch = Batch::default();
    let phase = batch.phase(&phases[0].name);
    batch.definitions.push(DefinitionRow {
        phase,
        fingerprint: [1; 32],
        json: r#"{"name":"pricing"}"#.into(),
        first_at: day(9_999),
    });
    // The latest is in force, and this one cannot be read.
    shop.store.write(&batch).unwrap();
    let phase = shop.report();
    assert!(phase.health.is_changed());
    assert_eq!(phase.health.fingerprints[1], "01".repeat(32));
    let why = phase.health.sample_ratio.why().unwrap();
    assert!(why.starts_with("no definition"), "{why}");
    assert_eq!(phase.tracks[0].weight, None);
    assert_eq!(kinds(&phase), ["changed", "no-definition"]);
}
