use serde::Serialize;

use crate::report::{GoalReport, Judgement, PhaseReport, VerdictKind};

use VerdictKind::{Better, Collecting, Crossed, Hint, Mismatch, NotFound, Stray, Worse};

use super::advice::{advice, state};

/// The first thing on each set: what we know, and what to do.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(in crate::dashboard) struct Headline {
    pub(in crate::dashboard) tone: Tone,
    /// One or two words.
    pub(in crate::dashboard) state: &'static str,
    /// The track and the goal that it is about; may be empty.
    pub(in crate::dashboard) subject: String,
    /// The verdict.
    pub(in crate::dashboard) sentence: String,
    /// What to do.
    pub(in crate::dashboard) advice: String,
    #[serde(skip)]
    pub(in crate::dashboard) rank: Rank,
}

/// How it is coloured; words say the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(in crate::dashboard) enum Tone {
    Good,
    Bad,
    Warn,
    Calm,
}

/// In what group of the list it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::dashboard) enum Rank {
    Untrusted,
    Found,
    Open,
    Early,
}

impl Tone {
    pub(in crate::dashboard) fn class(self) -> &'static str {
        match self {
            Self::Good => "good",
            Self::Bad => "bad",
            Self::Warn => "warn",
            Self::Calm => "calm",
        }
    }

    pub(in crate::dashboard) fn of(kind: VerdictKind) -> Self {
        match kind {
            Mismatch | Stray | Crossed | Worse => Self::Bad,
            Hint => Self::Warn,
            Better => Self::Good,
            _ => Self::Calm,
        }
    }
}

impl Rank {
    pub(in crate::dashboard) fn title(self) -> &'static str {
        match self {
            Self::Untrusted => "Look here first",
            Self::Found => "Something was found",
            Self::Open => "Nothing found so far",
            Self::Early => "Too early to tell",
        }
    }
}

impl Headline {
    pub(in crate::dashboard) fn of(phase: &PhaseReport) -> Self {
        if let Some(why) = &phase.covered {
            return Self::new(Mismatch, format!("{why}."), String::new(), false);
        }
        let Some(primary) = phase.primary() else {
            return Self::undecided(phase);
        };
        let Some((track, judgement)) = foremost(primary) else {
            let sentence = format!("Nothing is compared on {}.", primary.label);
            return Self::new(Collecting, sentence, String::new(), false);
        };
        let subject = match judgement.kind.is_read() {
            true => format!("{track} on {}", primary.label),
            false => String::new(),
        };
        let is_final = phase.intent.progress.is_none() || phase.decided_at.is_some();
        let sentence = format!("{}.", judgement.sentence);
        Self::new(judgement.kind, sentence, subject, is_final).minding(phase, track)
    }

    fn undecided(phase: &PhaseReport) -> Self {
        let sentence = match phase.goals.len() {
            0 => "No goal was reached yet, so there is nothing to compare.",
            _ => "No goal was named that decides: what follows is exploratory.",
        };
        Self {
            advice: "Name a primary goal in the plan of the set before you look.".to_owned(),
            state: "no primary goal",
            ..Self::new(Collecting, sentence.to_owned(), String::new(), false)
        }
    }

    fn new(kind: VerdictKind, sentence: String, subject: String, is_final: bool) -> Self {
        let (state, rank) = state(kind);
        Self {
            tone: Tone::of(kind),
            state,
            subject,
            sentence,
            advice: advice(kind, is_final).to_owned(),
            rank,
        }
    }

    /// A guardrail that got worse is said beside what was found.
    fn minding(mut self, phase: &PhaseReport, track: &str) -> Self {
        let guardrails = phase.goals.iter().chain(&phase.requests);
        let got_worse = |goal: &&GoalReport| {
            let tracks = goal.tracks.iter().filter(|other| other.track == track);
            let mut verdicts = tracks.filter_map(|track| track.verdict.as_ref());
            goal.role == crate::report::GoalRole::Guardrail
                && verdicts.any(|verdict| verdict.kind == Worse)
        };
        let worse: Vec<&str> = guardrails
            .filter(got_worse)
            .map(|goal| &*goal.label)
            .collect();
        if !worse.is_empty() {
            self.advice = format!(
                "But {track} got worse on {}: weigh that first.",
                worse.join(", ")
            );
            self.rank = Rank::Found;
            if self.tone != Tone::Bad {
                self.tone = Tone::Warn;
            }
        }
        self
    }
}

/// Returns the track that says most about a goal, and what.
fn foremost(goal: &GoalReport) -> Option<(&str, &Judgement)> {
    let judged = goal
        .tracks
        .iter()
        .filter_map(|track| Some((&*track.track, track.verdict.as_ref()?)));
    let weight = |kind| match kind {
        Mismatch | Stray | Crossed => 0,
        Better => 1,
        Worse => 2,
        Hint => 3,
        NotFound => 4,
        _ => 5,
    };
    judged.min_by_key(|(_, judgement)| weight(judgement.kind))
}
