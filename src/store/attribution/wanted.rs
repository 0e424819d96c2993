//! The goals of a question, prepared for the fold: which stream each goal reads, and which goals a
//! stream is needed for.

use std::{collections::HashMap, time::Duration};

use crate::event::Goal;

use super::question::{AskedGoal, Measure, Question};

/// The goals of a question with the streams of their conversions, looked up once.
pub(super) struct Wanted<'q> {
    pub(super) goals: Vec<WantedGoal<'q>>,
    /// The goals that each stream is about.
    by_stream: Vec<Vec<usize>>,
    /// The lengths of windows, each once.
    pub(super) windows: Vec<Duration>,
}

/// A goal of a question.
pub(super) struct WantedGoal<'q> {
    pub(super) asked: &'q AskedGoal,
    /// Where its conversions are.
    pub(super) stream: usize,
    /// Where those are that it is divided by.
    pub(super) denominator: Option<usize>,
    /// Which of the windows is its own.
    pub(super) window: usize,
}

impl<'q> Wanted<'q> {
    /// Prepares a question, of whose goals the streams have this order.
    pub(super) fn of(question: &'q Question, streams: &[&'q Goal]) -> Self {
        // One look-up for each goal, where a search would be one for each pair of goals.
        let places: HashMap<&Goal, usize> = streams.iter().copied().zip(0..).collect();
        let mut wanted = Self {
            goals: Vec::new(),
            by_stream: vec![Vec::new(); streams.len()],
            windows: Vec::new(),
        };
        let mut windows: HashMap<Duration, usize> = HashMap::new();
        for asked in &question.goals {
            let next = wanted.windows.len();
            let window = *windows.entry(asked.window).or_insert(next);
            if window == next {
                wanted.windows.push(asked.window);
            }
            wanted.add(asked, &places, window);
        }
        wanted
    }

    /// Adds a goal, and enters it at its streams. A goal that is divided by itself has one stream.
    fn add(&mut self, asked: &'q AskedGoal, places: &HashMap<&Goal, usize>, window: usize) {
        let place = |goal| places.get(goal).copied();
        let denominator = match &asked.measure {
            Measure::Ratio { goal, .. } => place(goal),
            _ => None,
        };
        let stream = place(&asked.goal);
        for stream in stream
            .iter()
            .chain(denominator.iter().filter(|by| Some(**by) != stream))
        {
            self.by_stream[*stream].push(self.goals.len());
        }
        self.goals.push(WantedGoal {
            asked,
            stream: stream.unwrap_or(usize::MAX),
            denominator,
            window,
        });
    }

    /// Returns the goals that some streams are about, each once.
    pub(super) fn of_streams(&self, streams: &[usize], goals: &mut Vec<usize>) {
        goals.clear();
        goals.extend(streams.iter().flat_map(|stream| &self.by_stream[*stream]));
        // The goals of one stream are in order, and each is there once.
        if streams.len() > 1 {
            goals.sort_unstable();
            goals.dedup();
        }
    }
}
