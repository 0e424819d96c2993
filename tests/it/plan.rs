//! What a set is to find out.

use std::time::{Duration, SystemTime};

use tower_tracks::{
    DefinitionError, Metric, Plan, SimpleTrackSet,
    assign::{StoredSets, Sum},
};

fn plan() -> Plan {
    Plan::default()
        .primary(Metric::rate("purchase"))
        .exploratory(Metric::value("purchase").cap(500.0))
        .exploratory(Metric::ratio("purchase", Sum::Value, "visit", Sum::Count).cap(3.5))
        .guardrail(
            Metric::count("complaint")
                .less_is_better()
                .window(Duration::from_secs(60)),
        )
        .window(Duration::from_secs(86_400))
        .units(20_000)
        .owner("the checkout team")
        .hypothesis("visitors who wait do not return")
        .start(SystemTime::UNIX_EPOCH + Duration::from_secs(1_800_000_000))
}

fn with(plan: Plan) -> Result<tower_tracks::MultiTrackSet, DefinitionError> {
    SimpleTrackSet::new("delay")
        .track("long", 2000)
        .plan(plan)
        .build()
}

#[test]
fn a_plan_is_written_and_read() {
    let sets = with(plan()).unwrap();
    assert_eq!(sets.sets().next().unwrap().plan(), Some(&plan()));
    let json = serde_json::to_string(&sets).unwrap();
    let stored: StoredSets = serde_json::from_str(&json).unwrap();
    assert_eq!(stored.sets().next().unwrap().plan(), Some(&plan()));
    let empty = serde_json::to_string(&Plan::default()).unwrap();
    assert_eq!(empty, "{}");
}

#[test]
fn caps_are_numbers_of_conversions_or_millionths() {
    let [value, ratio] = plan().exploratory_metrics().to_vec().try_into().unwrap();
    assert_eq!(value.most(), Some(500_000_000));
    assert_eq!(ratio.most(), Some(3_500_000));
    assert_eq!(Metric::count("visit").cap(12.0).most(), Some(12));
    assert_eq!(Metric::value("visit").cap(f64::MAX).most(), Some(i64::MAX));
}

#[test]
fn windows_are_a_metrics_own_or_the_plans() {
    let plan = plan();
    let window = |metric: &Metric| plan.window_of(metric).as_secs();
    assert_eq!(window(plan.primary_metric().unwrap()), 86_400);
    assert_eq!(window(&plan.guardrails()[0]), 60);
    assert_eq!(
        Plan::default().window_of(&Metric::rate("visit")),
        Plan::WINDOW
    );
}

#[test]
fn a_plan_changes_neither_track_nor_fingerprint() {
    let (with, without) = (with(plan()).unwrap(), with(Plan::default()).unwrap());
    let fingerprint =
        |sets: &tower_tracks::MultiTrackSet| sets.sets().next().unwrap().fingerprint();
    assert_eq!(fingerprint(&with), fingerprint(&without));
    for key in 0..1000 {
        assert_eq!(
            with.assign(key, &()).track(),
            without.assign(key, &()).track()
        );
    }
}

#[test]
fn time_zones_have_names_and_change_no_fingerprint() {
    let zoned = with(plan().time_zone("America/New_York")).unwrap();
    let set = zoned.sets().next().unwrap();
    let unzoned = with(plan()).unwrap();
    assert_eq!(
        set.fingerprint(),
        unzoned.sets().next().unwrap().fingerprint()
    );
    assert_eq!(
        set.plan().unwrap().named_time_zone(),
        Some("America/New_York")
    );
    let error = with(plan().time_zone("New York")).unwrap_err();
    let expected = "set \"delay\", time zone \"New York\": a time zone is an IANA name such as";
    assert!(error.to_string().starts_with(expected), "{error}");
}

#[test]
fn goals_have_names() {
    for bad in [
        Metric::rate("Purchase!"),
        Metric::ratio("purchase", Sum::Value, "Bad Name", Sum::Count),
    ] {
        let error = with(Plan::default().exploratory(bad)).unwrap_err();
        assert!(matches!(error, DefinitionError::GoalName { .. }));
        assert!(
            error.to_string().starts_with("set \"delay\", goal \""),
            "{error}"
        );
    }
}

#[test]
fn a_margin_is_above_zero_and_finite() {
    for margin in [0.0, -0.02, f64::NAN, f64::INFINITY] {
        let plan = Plan::default().guardrail(Metric::rate("visit").margin(margin));
        let error = with(plan).unwrap_err();
        assert!(matches!(error, DefinitionError::Margin { .. }), "{error}");
        assert_eq!(
            error.to_string(),
            "set \"delay\": the margin of goal \"visit\" has to be above 0, such as 0.02 for 2%"
        );
    }
    let plan = Plan::default().primary(Metric::rate("purchase").margin(0.1));
    let sets = with(plan.clone()).unwrap();
    let json = serde_json::to_string(&sets).unwrap();
    assert!(json.contains(r#""margin":0.1"#), "{json}");
    let stored: StoredSets = serde_json::from_str(&json).unwrap();
    assert_eq!(stored.sets().next().unwrap().plan(), Some(&plan));
}
