//! A mismatch hides what the goals say, and keeps what was counted.

use tower_tracks::report::{Answer, RatioState, VerdictKind};

use super::{
    shop::{Shop, plan, pricing},
    visitors::Visitors,
};

#[test]
fn a_mismatch_covers_the_goals() {
    let mut shop = Shop::new(pricing(plan()));
    let mut cheap = 0;
    shop.visit_unless(Visitors::new(1).take(3000), |track| {
        cheap += u32::from(track == "cheap");
        track == "cheap" && cheap % 3 == 0
    });
    let phase = shop.report();
    assert!(
        phase
            .covered
            .as_ref()
            .unwrap()
            .starts_with("Do not use these results")
    );
    let ratio = phase.health.sample_ratio.known().unwrap();
    assert_eq!(ratio.state, RatioState::Mismatch);
    assert_eq!(phase.notices[0].kind, "mismatch");
    assert!(phase.series.is_empty());
    for goal in &phase.goals {
        let [control, track] = &goal.tracks[..] else {
            panic!("{goal:?}");
        };
        let value = control.value.known().unwrap();
        assert!(value.value > 0.0 && value.interval.is_none());
        assert!(control.converters.unwrap() > 0 && control.chance.is_none());
        let Some(Answer::Unknown { why }) = &track.compared else {
            panic!("{track:?}");
        };
        assert!(why.starts_with("hidden, since"), "{why}");
        let verdict = track.verdict.as_ref().unwrap();
        assert_eq!(verdict.kind, VerdictKind::Mismatch);
    }
    let text = phase.to_text();
    assert!(text.contains("MISMATCH") && text.contains("Do not use these results"));
    assert!(!text.contains("lift may be"), "{text}");
}
