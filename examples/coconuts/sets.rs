//! The tests: three sets in two groups.

use std::time::Duration;

use serde::Serialize;
use tower_tracks::{
    DefinitionError, Metric, MultiTrackSet, ParamTrackSet, Plan, SimpleTrackSet, TrackSet,
};

use super::{catalog::Catalog, visitor::Visitor};

/// How long a visit takes at most.
const VISIT: Duration = Duration::from_secs(15);

/// How long a visitor waits for the catalogue, in milliseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub(super) struct Delay(pub(super) u64);

/// By how much every price differs, in euros.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub(super) struct PriceDelta(pub(super) i64);

/// What stands above the catalogue.
#[derive(Clone, Copy, Debug, PartialEq, Eq, TrackSet)]
#[track_set(name = "banner")]
pub(super) enum Banner {
    #[track(control)]
    Nothing,
    FreeDelivery,
    FreshToday,
}

/// Two tests that would disturb each other: each visitor is in one of them at most.
pub(super) fn delay_or_pricing() -> Result<MultiTrackSet<Visitor>, DefinitionError> {
    let purchases = || {
        Plan::default()
            .primary(Metric::rate("purchase"))
            .exploratory(Metric::value("purchase"))
            // Visitors of this shop buy at once. A real shop gives them days.
            .window(VISIT)
            .owner("the coconut shop")
    };
    let delay = SimpleTrackSet::new("delay")
        .plan(purchases().hypothesis("waiting reduces purchases"))
        .track("short", Delay(500))
        .track("long", Delay(2000))
        .eligible(|visitor: &Visitor| !visitor.is_vip)
        .segment("device", |visitor| visitor.device);
    let pricing = ParamTrackSet::new("pricing", (-2..=2).map(PriceDelta), name_of)
        .control("price_adjusted_by_0")
        .plan(purchases().hypothesis("cheaper coconuts sell better, and bring less"))
        .run(|catalog: &mut Catalog, PriceDelta(euros)| catalog.adjust_prices(*euros))
        .eligible(|visitor: &Visitor| !visitor.is_vip)
        .segment("device", |visitor| visitor.device);
    MultiTrackSet::builder().add(delay).add(pricing).build()
}

/// A test of its own, independent of the others. It begins with few visitors, since the effect of
/// the promise is not known yet. The owner raises the share while the shop is open, and ships the winner.
pub(super) fn banner() -> Result<MultiTrackSet<Visitor>, DefinitionError> {
    let plan = Plan::default()
        .primary(Metric::rate("purchase"))
        .window(VISIT)
        .owner("the coconut shop")
        .hypothesis("a promise of free delivery sells");
    Banner::track_set()
        .plan(plan)
        .share(0.1)
        .eligible(|visitor: &Visitor| !visitor.is_vip)
        .segment("device", |visitor| visitor.device)
        .build()
}

fn name_of(PriceDelta(euros): &PriceDelta) -> String {
    format!("price_adjusted_by_{euros}")
}
