//! The list of all sets, as a page, JSON and CSV.

use std::collections::{BTreeMap, BTreeSet};

use askama::Template;
use axum::{Extension, extract::Query, response::Response};

use crate::{
    dashboard::{
        ended::Ended,
        view::{Rank, Standing, set_up},
        visit::Visit,
    },
    figures::{count, plural},
    report::{PhaseReport, Report, Unread, discovery_rates},
};

use super::{Frame, Part, Place, html};

mod asked;
mod entry;
mod formats;
mod way;

pub(super) use self::{
    asked::From,
    formats::{csv, json},
    way::{other, root},
};
use self::{
    asked::{Asked, Order},
    entry::{Entry, Listed},
};

/// The number of sets on a page.
const SETS: usize = 50;

/// The number of sets from which on the page has a form to search them.
const MANY: usize = 5;

/// The number of owners in the form, and of phases that could not be read.
const MOST: usize = 200;

/// The page with all sets.
#[derive(Template)]
#[template(path = "home/home.html")]
struct Home<'a> {
    frame: Frame,
    asked: Asked,
    /// Whether there are tests that go on, also ones that the filter leaves out.
    is_any: bool,
    /// The links by standing; empty where there are few sets.
    states: Vec<State>,
    owners: Vec<&'a str>,
    groups: Vec<Group<'a>>,
    shown: Part,
    /// The number of ended tests in words, if there are any.
    ended: Option<String>,
    unread: &'a [Unread],
    invalid: &'a [String],
    /// The number of further phases that could not be read, if there are any.
    more_unread: Option<String>,
    set_up: Vec<String>,
}

/// A link to the sets of one standing.
struct State {
    title: &'static str,
    address: String,
    count: String,
    is_shown: bool,
}

/// The sets of one rank that are on a page, and how many there are in all.
struct Group<'a> {
    /// Empty where the sets are not sorted by rank.
    title: &'static str,
    all: String,
    sets: Vec<Entry<'a>>,
}

/// The page with all sets that go on, the most urgent first.
pub(super) async fn page(visit: Extension<Visit>, Query(asked): Query<Asked>) -> Response {
    let (going, ended) = going(&visit);
    let owners: BTreeSet<&str> = going.iter().map(|phase| &*phase.intent.owner).collect();
    let owners = owners.into_iter().filter(|owner| !owner.is_empty());
    let owners: Vec<&str> = owners.take(MOST).collect();
    let rates = discovery_rates(going.iter().copied());
    let is_many = going.len() > MANY || asked.is_filtered();
    let is_any = !going.is_empty();
    let named = going.into_iter().filter(|phase| asked.is_named(phase));
    let mut sets: Vec<Listed<'_>> = named.map(|phase| Listed::new(phase, &visit)).collect();
    let states = match is_many {
        true => states(&sets, &asked),
        false => Vec::new(),
    };
    let standing = asked.standing();
    sets.retain(|set| standing.is_none_or(|standing| standing == set.standing));
    asked.sort(&mut sets);
    let shown = Part::of(asked.from, sets.len(), SETS);
    let Report {
        unread, invalid, ..
    } = &*visit.known.report;
    let few = unread.get(..MOST).unwrap_or(unread);
    let more_unread = unread.len() - few.len();
    html(&Home {
        frame: Frame::new(Place::Sets, &visit),
        groups: groups(sets, &shown, asked.order(), &rates),
        asked,
        is_any,
        states,
        owners,
        shown,
        ended: (ended > 0).then(|| plural(ended as u64, "test")),
        unread: few,
        more_unread: (more_unread > 0).then(|| count(more_unread as u64)),
        invalid,
        set_up: set_up(&visit.board.counts),
    })
}

/// Returns the latest phases of the sets that go on, by name, and the number of ended tests.
fn going(visit: &Visit) -> (Vec<&PhaseReport>, usize) {
    let mut sets: Vec<&PhaseReport> = latest(&visit.known.report).into_values().collect();
    let all = sets.len();
    sets.retain(|phase| Ended::of(phase, &visit.board).is_none());
    let ended = all - sets.len();
    (sets, ended)
}

/// Returns a link to all sets, and one to those of each standing.
fn states(sets: &[Listed<'_>], asked: &Asked) -> Vec<State> {
    let state = |title, of: Option<Standing>| {
        let is_of = |set: &&Listed<'_>| of.is_none_or(|standing| standing == set.standing);
        State {
            title,
            address: asked.with_state(of.map_or("", Standing::word)),
            count: count(sets.iter().filter(is_of).count() as u64),
            is_shown: asked.standing() == of,
        }
    };
    let each = Standing::ALL.map(|standing| state(standing.word(), Some(standing)));
    std::iter::once(state("all", None)).chain(each).collect()
}

/// Returns the sets of a page: by rank if they are sorted by it, otherwise in one group.
fn groups<'v>(
    sets: Vec<Listed<'v>>,
    shown: &Part,
    order: Order,
    rates: &BTreeMap<&str, f64>,
) -> Vec<Group<'v>> {
    let of_group = |set: &Listed<'_>| (order == Order::Urgent).then_some(set.headline.rank);
    let mut all: BTreeMap<Option<Rank>, u64> = BTreeMap::new();
    for set in &sets {
        *all.entry(of_group(set)).or_default() += 1;
    }
    let mut groups: BTreeMap<Option<Rank>, Vec<Entry<'v>>> = BTreeMap::new();
    for set in sets
        .into_iter()
        .skip(shown.range.start)
        .take(shown.range.len())
    {
        let rate = rates.get(&*set.phase.set).copied();
        groups
            .entry(of_group(&set))
            .or_default()
            .push(set.entry(rate));
    }
    let group = |(rank, sets): (Option<Rank>, _)| Group {
        title: rank.map_or("", Rank::title),
        all: count(all.get(&rank).copied().unwrap_or_default()),
        sets,
    };
    groups.into_iter().map(group).collect()
}

/// Returns the latest phase of each set, by name.
pub(super) fn latest(report: &Report) -> BTreeMap<&str, &PhaseReport> {
    // Phases are sorted by set and number, so the latest one of a set is the one that stays.
    let phases = report.phases.iter();
    phases.map(|phase| (&*phase.set, phase)).collect()
}
