//! The headline of a set: the most important finding, and advice.

use serde::Serialize;

use crate::{
    figures::percent,
    report::{Day, GoalReport, GoalRole, Judgement, LOOK_NOW, PhaseReport, VerdictKind},
};

use VerdictKind::{
    Better, Collecting, Crossed, Hint, Mismatch, NotFound, NotWorse, Stray, TooSmall,
    WeightsChanged, Worse,
};

use super::{
    advice::{advice, of_kind, state},
    lines::compared,
    rank::Rank,
};

/// The first thing that a page says about a set: the finding and the advice.
///
/// Hidden results come first, then an alarm on the primary goal, then its verdict. Guardrails that
/// are worse are added to it.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(in crate::dashboard) struct Headline {
    pub(in crate::dashboard) tone: Tone,
    /// The state in one or two words.
    pub(in crate::dashboard) state: &'static str,
    /// The track and the goal of the finding; may be empty.
    pub(in crate::dashboard) subject: String,
    /// The finding, as a sentence.
    pub(in crate::dashboard) sentence: String,
    /// The advice, as a sentence.
    pub(in crate::dashboard) advice: String,
    #[serde(skip)]
    pub(in crate::dashboard) rank: Rank,
    /// The kind of the verdict; `None` if something else is said first, or if the test is over.
    #[serde(skip)]
    pub(in crate::dashboard) kind: Option<VerdictKind>,
}

/// The colour of a finding. Words say the same, for readers who do not see colours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(in crate::dashboard) enum Tone {
    Good,
    Bad,
    Warn,
    Calm,
}

impl Tone {
    /// Returns the class in the style sheet.
    pub(in crate::dashboard) fn class(self) -> &'static str {
        match self {
            Self::Good => "good",
            Self::Bad => "bad",
            Self::Warn => "warn",
            Self::Calm => "calm",
        }
    }

    /// Returns the colour of a verdict.
    pub(in crate::dashboard) fn of(kind: VerdictKind) -> Self {
        match kind {
            Mismatch | Stray | WeightsChanged | Crossed | Worse => Self::Bad,
            Hint => Self::Warn,
            Better | NotWorse => Self::Good,
            _ => Self::Calm,
        }
    }
}

impl Headline {
    /// Returns the headline of a phase.
    pub(in crate::dashboard) fn of(phase: &PhaseReport) -> Self {
        if let Some(why) = &phase.covered {
            let shares = uneven(phase).unwrap_or_default();
            return Self::new(Mismatch, format!("{why}.{shares}"), of_kind(Mismatch));
        }
        Self::of_primary(phase)
            .with_alarms(phase)
            .with_guardrails(phase)
            .with_end(phase)
    }

    /// Returns the headline of the primary goal's most important verdict.
    fn of_primary(phase: &PhaseReport) -> Self {
        let Some(primary) = phase.primary() else {
            return Self::undecided(phase);
        };
        let Some((track, judgement)) = foremost(primary) else {
            let sentence = format!("Nothing is compared on {}.", primary.label);
            return Self::new(Collecting, sentence, of_kind(Collecting));
        };
        let advice = advice(judgement.kind, phase, primary);
        let sentence = format!("{}.", judgement.sentence);
        Self {
            subject: match judgement.kind.is_read() {
                true => format!("{track} on {}", primary.label),
                false => String::new(),
            },
            ..Self::new(judgement.kind, sentence, &advice)
        }
    }

    /// Returns the headline of a phase without a primary goal.
    fn undecided(phase: &PhaseReport) -> Self {
        let sentence = match phase.goals.len() {
            0 => "No goal was reached yet, so there is nothing to compare.",
            _ => "No primary goal is named, so all goals are exploratory.",
        };
        let advice = "Name a primary goal in the plan of the set before you look.";
        Self {
            state: "no primary goal",
            ..Self::new(Collecting, sentence.to_owned(), advice)
        }
    }

    /// Returns the headline of a kind of verdict, about no particular track.
    fn new(kind: VerdictKind, sentence: String, advice: &str) -> Self {
        let (state, rank) = state(kind);
        Self {
            tone: Tone::of(kind),
            state,
            subject: String::new(),
            sentence,
            advice: advice.to_owned(),
            rank,
            kind: Some(kind),
        }
    }

    /// Replaces the finding if the primary goal is worse so far, unless the data are not trusted or
    /// the verdict is already that the track is worse.
    fn with_alarms(mut self, phase: &PhaseReport) -> Self {
        let primary = phase
            .alarms()
            .find(|(goal, ..)| goal.role == GoalRole::Primary);
        let is_said = self.rank == Rank::Untrusted || self.state == state(Worse).0;
        if let Some((goal, track, alarm)) = primary.filter(|_| !is_said) {
            self.tone = Tone::Bad;
            self.state = "worse so far";
            self.kind = None;
            self.subject = format!("{track} on {}", goal.label);
            self.sentence = format!("{alarm}.");
            LOOK_NOW.clone_into(&mut self.advice);
            self.rank = Rank::Found;
        }
        self
    }

    /// Replaces the advice if a track was shipped: there is nothing to wait for, or to roll out.
    fn with_end(mut self, phase: &PhaseReport) -> Self {
        if let Some(shipped) = &phase.shipped {
            // A finding of a test that is over is no alarm.
            self.tone = Tone::Calm;
            self.advice = format!("{OVER} {}.", shipped.track);
        }
        self
    }

    /// Replaces the advice of a test that no layer has any longer.
    pub(in crate::dashboard) fn quiet_since(mut self, last_day: Day) -> Self {
        self.kind = None;
        self.advice = format!(
            "The test is over: no layer of this server has it, and the last unit came on {last_day}."
        );
        self
    }

    /// Adds guardrails that are worse: to a good finding as a warning, and in place of an open one
    /// as the finding.
    fn with_guardrails(mut self, phase: &PhaseReport) -> Self {
        let mut worse: Vec<(&str, Vec<String>)> = Vec::new();
        for (goal, track) in phase.worse_guardrails() {
            // A list and not a map, so that tracks stay in the order of the report. There are few
            // of them.
            let goal = with_effect(goal, track);
            match worse.iter_mut().find(|(known, _)| *known == track) {
                Some((_, goals)) => goals.push(goal),
                None => worse.push((track, vec![goal])),
            }
        }
        if worse.is_empty() {
            return self;
        }
        let all: Vec<String> = worse
            .iter()
            .map(|(track, goals)| format!("{track} is worse than control on {}", goals.join(", ")))
            .collect();
        let all = all.join("; ");
        match self.tone {
            Tone::Good => {
                self.tone = Tone::Warn;
                self.state = "better, but a guardrail is worse";
                self.advice = format!("Do not roll it out yet: {all}. Weigh that first.");
            }
            Tone::Bad => self.advice = format!("{} Besides, {all}.", self.advice),
            Tone::Warn | Tone::Calm => {
                self.tone = Tone::Bad;
                self.state = "guardrail worse";
                self.kind = None;
                self.sentence = format!("A guardrail is worse: {all}. {}", self.sentence);
                self.advice = format!("{GUARDRAIL} {}", self.advice);
            }
        }
        // A set that cannot be trusted stays in its group, which is more urgent.
        self.rank = self.rank.min(Rank::Found);
        self
    }
}

/// Returns the track whose share is the most other than it should be, as a sentence.
fn uneven(phase: &PhaseReport) -> Option<String> {
    if phase.health.fingerprints.len() > 1 {
        // Each definition may have weights of its own.
        return None;
    }
    let all = phase.units as f64;
    let shares = phase.tracks.iter().filter_map(|track| {
        let (seen, expected) = (track.units as f64 / all, track.expected_share?);
        Some((&track.name, seen, expected))
    });
    let off = |(_, seen, expected): &(&String, f64, f64)| (seen - expected).abs();
    let (track, seen, expected) = shares.max_by(|one, other| off(one).total_cmp(&off(other)))?;
    let [seen, expected] = [seen, expected].map(percent);
    Some(format!(
        " The track {track} has {seen} of them instead of {expected}."
    ))
}

/// Returns the label of a goal with the effect of a track.
fn with_effect(goal: &GoalReport, track: &str) -> String {
    let track = goal.tracks.iter().find(|other| other.track == track);
    let compared = track.and_then(compared);
    match compared.map(|compared| goal.effect_in_words(compared)) {
        Some([Some(effect), _]) => format!("{} ({effect})", goal.label),
        _ => goal.label.clone(),
    }
}

/// The advice about a test that is over.
const OVER: &str = "The test is over: all visitors get";

/// The advice about a guardrail that is worse.
const GUARDRAIL: &str = "Look at it now, and pause the set if you know the cause.";

/// Returns the most important verdict on a goal, with its track: doubts about the data, then a
/// better track, then a worse one.
fn foremost(goal: &GoalReport) -> Option<(&str, &Judgement)> {
    let judged = goal
        .tracks
        .iter()
        .filter_map(|track| Some((&*track.track, track.verdict.as_ref()?)));
    let weight = |kind| match kind {
        Mismatch | Stray | WeightsChanged | Crossed => 0,
        Better => 1,
        Worse => 2,
        Hint => 3,
        NotFound => 4,
        TooSmall => 5,
        _ => 6,
    };
    judged.min_by_key(|(_, judgement)| weight(judgement.kind))
}
