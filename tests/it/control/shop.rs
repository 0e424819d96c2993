//! A program with sets of its own, and what its keys get: by a layer, and by the definitions alone.

use std::{convert::Infallible, ops::Range};

use futures_util::FutureExt;
use http::{Request, Response, request::Parts};
use proptest::{prelude::*, sample::select};
use tower::{Layer, Service, service_fn};
use tower_tracks::{
    Assignments, KeySource, MultiTrackSet, SimpleTrackSet, TracksLayer,
    assign::For,
    control::{Change, Code, Mode, state},
    store::Timestamp,
};

use super::any::Named;
use crate::support::request;

/// The first two are in one group, the last one is alone.
pub(super) const SETS: [&str; 3] = ["delay", "banner", "offer"];

const GROUPS: [Range<usize>; 2] = [0..2, 2..3];

pub(super) const TRACKS: [&str; 3] = ["control", "short", "long"];

/// What the code says of the sets.
#[derive(Clone, Debug)]
pub(super) struct Shop {
    weights: [u64; 3],
    pub(super) shares: [f64; 3],
    tracks: [u64; 3],
}

/// What each group gives a key.
pub(super) type Texts = [String; 2];

pub(super) fn any_shop() -> impl Strategy<Value = Shop> {
    let weight = || select(vec![0_u64, 1, 3, 1000]);
    let share = || select(vec![0.0, 0.1, 0.5, 1.0]);
    let weights = [weight(), weight(), select(vec![1])];
    let shares = [share(), share(), share()];
    (weights, shares, [1_u64..5, 1..5, 0..5]).prop_map(|(weights, shares, tracks)| Shop {
        weights,
        shares,
        tracks,
    })
}

impl Shop {
    pub(super) fn named(&self) -> Vec<Named> {
        SETS.into_iter().zip(self.shares).collect()
    }

    /// Returns the groups as a deploy with these shares has them.
    fn deploy(&self, shares: [f64; 3]) -> [MultiTrackSet<Parts>; 2] {
        GROUPS.map(|sets| {
            let group = MultiTrackSet::builder().context::<Parts>();
            let set = |index| self.set(index, shares[index]);
            let group = sets.fold(group, |group, index| group.add(set(index)));
            group.build().unwrap()
        })
    }

    /// Returns a set; all but the first are for members.
    fn set(&self, index: usize, share: f64) -> SimpleTrackSet<(), For<Parts>> {
        let set = SimpleTrackSet::new(SETS[index])
            .track("short", ())
            .track("long", ());
        let tracks = TRACKS.into_iter().zip(self.tracks);
        let set = tracks.fold(set, |set, (track, weight)| set.track_weight(track, weight));
        let is_for = move |parts: &Parts| index == 0 || parts.headers.contains_key("member");
        set.weight(self.weights[index])
            .share(share)
            .eligible(is_for)
    }

    pub(super) fn layer(&self) -> TracksLayer {
        let [group, alone] = self.deploy(self.shares);
        let layer = TracksLayer::new(group).key(KeySource::cookie("id"));
        layer.and(alone).unwrap()
    }

    /// Returns what is in force for each set.
    pub(super) fn modes(&self, changes: &[Change], now: Timestamp) -> [Mode; 3] {
        let groups = self.deploy(self.shares);
        let modes = groups.iter().flat_map(Code::of);
        let modes: Vec<Mode> = modes.map(|code| state(code, changes, now).mode).collect();
        modes.try_into().unwrap()
    }

    /// Returns what the keys get by the definition alone: by that of a deploy with the shares in force, where
    /// no set is paused and no track is shipped.
    pub(super) fn expected(&self, keys: usize, modes: [Mode; 3]) -> Vec<Texts> {
        let share = |index: usize| match modes[index] {
            Mode::Share(share) => share,
            _ => self.shares[index],
        };
        let groups = self.deploy([0, 1, 2].map(share));
        let texts = |key| {
            let parts = visit(key).into_parts().0;
            let is_member = parts.headers.contains_key("member");
            [0, 1].map(|group: usize| match modes[2] {
                Mode::Shipped(track) if group == 1 => shipped(track, is_member),
                _ => {
                    let choice = groups[group].assign(key.to_string(), &parts);
                    let index = choice.set().and_then(index_of);
                    match index.filter(|index| modes[*index] == Mode::Paused) {
                        Some(index) => format!("{} (paused)", SETS[index]),
                        None => choice.to_string(),
                    }
                }
            })
        };
        (0..keys).map(texts).collect()
    }
}

fn index_of(set: &str) -> Option<usize> {
    SETS.iter().position(|name| *name == set)
}

fn shipped(track: usize, is_member: bool) -> String {
    match is_member {
        true => format!("offer/{}", TRACKS[track]),
        false => "(ineligible)".to_owned(),
    }
}

/// Returns the request of a key. Two of three are members.
fn visit(key: usize) -> Request<()> {
    let cookie = format!("id={key}");
    let headers = [("cookie", &*cookie), ("member", "yes")];
    let count = if key.is_multiple_of(3) { 1 } else { 2 };
    request("GET", "/", &headers[..count])
}

/// Returns what the keys get in a layer.
pub(super) fn texts(layer: &TracksLayer, keys: usize) -> Vec<Texts> {
    let mut service = layer.layer(service_fn(async |request: Request<()>| {
        let all: &Assignments = request.extensions().get().unwrap();
        let texts: Vec<String> = all.iter().map(|one| one.to_string()).collect();
        Ok::<_, Infallible>(Response::new(texts))
    }));
    let text = |key| {
        let response = service.call(visit(key)).now_or_never().unwrap().unwrap();
        response.into_body().try_into().unwrap()
    };
    (0..keys).map(text).collect()
}
