//! A figure has one text in the sentence, in the text report and on the page.

use std::{
    sync::Arc,
    time::{Duration, SystemTime},
};

use tower_tracks::{
    Exposure, Goal, Key, Metric, MultiTrackSet, Observe, Plan, SimpleTrackSet, Units,
    event::Conversion,
    record::Recorder,
    report::{Report, Reporter},
    store::{Memory, Store, Timestamp},
};

use super::{dashboard, get, read};

/// A visitor spends about 240 in control and 239 in the track, which is 0.42% less.
fn spent(track: &str, visitor: u32) -> f64 {
    let about = if track == "control" { 240.0 } else { 239.0 };
    about + f64::from(visitor % 2) / 20.0
}

fn visit(recorder: &Recorder, set: &MultiTrackSet, visitor: u32) {
    let at =
        SystemTime::UNIX_EPOCH + Duration::from_secs(20_148 * 86_400 + 900 * u64::from(visitor));
    let key = Key::from(format!("visitor-{visitor}"));
    let choice = set.assign(key.clone(), &());
    let spent = spent(choice.track().unwrap(), visitor);
    let exposure = Exposure::new(choice, key.clone(), at).unwrap();
    recorder.observe(&exposure);
    let goal = Goal::new("spent").unwrap();
    let conversion = Conversion::new(&key, goal, at + Duration::from_secs(1));
    recorder.conversion(&conversion.value(spent).unwrap());
}

/// Ten days of a hundred visitors each.
fn shop(store: &Arc<dyn Store>) -> Report {
    let plan = Plan::default().primary(Metric::value("spent"));
    let set = SimpleTrackSet::new("pricing").track("cheap", ()).plan(plan);
    let set = set.build().unwrap();
    let units = Units::pseudonym("0123456789abcdef").unwrap();
    let recorder = Recorder::builder(units).store(Arc::clone(store));
    let recorder = recorder.start().unwrap();
    (0..1000).for_each(|visitor| visit(&recorder, &set, visitor));
    recorder.flush().wait().unwrap();
    Reporter::new(&**store, Timestamp::now()).refresh().unwrap()
}

/// Checks that a text report and a page have a figure.
#[track_caller]
fn check(outputs: [&str; 2], figure: &str) {
    for output in outputs {
        assert!(output.contains(figure), "{figure} in {output}");
    }
}

#[tokio::test]
async fn a_small_lift_has_one_text_everywhere() {
    let store: Arc<dyn Store> = Arc::new(Memory::default());
    let report = shop(&store);
    let text = report.to_text();
    let router = dashboard(store).into_router();
    read(&router).await;
    let page = get(&router, "/set?name=pricing").await.body;
    let outputs = [&*text, &page];
    let verdict = report.phases[0].goals[0].tracks[1].verdict.as_ref();
    let sentence = &*verdict.unwrap().sentence;
    let (difference, rest) = sentence.split_once(" lower (95% interval ").unwrap();
    assert_eq!(difference, "Worse than control: 0.42%");
    check(outputs, sentence);
    check(outputs, "-0.42%");
    let (interval, _) = rest.split_once(')').unwrap();
    let [text, page] = outputs.map(|output| output.replace(sentence, ""));
    check([&text, &page], interval);
}
