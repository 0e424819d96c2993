//! The tests as flags, for front ends and services in other languages.

use std::env;

use axum::{Router, http::header::AUTHORIZATION};
use tower_tracks::{
    TracksLayer,
    ofrep::{Caller, Ofrep, OfrepError},
};

use super::{
    sets::{Delay, PriceDelta},
    visitor::Visitor,
};

/// The password of services, if `SHOP_SERVICE_TOKEN` has no other.
const DEMO: &str = "a service of the coconut shop";

pub(super) fn router(tracks: &TracksLayer) -> Result<Router, OfrepError> {
    let token = env::var("SHOP_SERVICE_TOKEN").unwrap_or_else(|_| DEMO.to_owned());
    let authorization = format!("Bearer {token}");
    let flags = Ofrep::new(tracks)
        .caller(move |parts| match parts.headers.get(AUTHORIZATION) {
            None => Caller::Browser,
            Some(said) if said == authorization.as_str() => Caller::Service,
            Some(_) => Caller::Nobody,
        })
        .context(|context| {
            let is_mobile = context.text("device") == Some("mobile");
            Visitor {
                is_vip: context.boolean("vip").unwrap_or_default(),
                device: if is_mobile { "mobile" } else { "desktop" },
            }
        })
        .value::<Delay>()?
        .value::<PriceDelta>()?;
    Ok(flags.into_router())
}
