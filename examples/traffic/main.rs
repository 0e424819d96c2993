//! Visitors for the coconut shop: they look, some wait and some leave, and some buy.
//!
//! ```text
//! cargo run --example coconuts    # in one terminal
//! cargo run --example traffic     # in another
//! ```
//!
//! Then look at <http://127.0.0.1:3000/results>. `VISITORS=20000` sends more of them than 6,000,
//! `SHOP=http://127.0.0.1:3001` to another port, and `SEED=2` other ones.
//!
//! What each visitor would do in each track is known, so the true effects are, and are printed in
//! the end, to be held against the page.

mod behaviour;
mod browser;
// A test knows more of them.
#[allow(dead_code)]
mod visitors;

use std::{env, error::Error, fmt::Display, str::FromStr, sync::Arc};

use tokio::sync::Semaphore;
use tower_tracks::unit::CookieSigning;

use self::{
    behaviour::{Shop, truths},
    browser::Browser,
    visitors::{Visitor, Visitors},
};

/// The shop's secret, unless `SHOP_SECRET` says otherwise.
const DEMO_SECRET: &str = "everybody knows the coconut shop";

/// How many visitors are in the shop at once.
const AT_ONCE: usize = 200;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let shop: String = setting("SHOP", "http://127.0.0.1:3000".to_owned())?;
    let visitors: usize = setting("VISITORS", 6_000)?;
    let seed: u64 = setting("SEED", 1)?;
    // The shop accepts no visitor whose cookie it did not sign.
    let secret: String = setting("SHOP_SECRET", DEMO_SECRET.to_owned())?;
    let signing = CookieSigning::new(secret)?;
    let browser = Browser::new(&shop);
    if let Err(error) = browser.look("/", "").await {
        return Err(format!("no shop at {shop} ({error}): cargo run --example coconuts").into());
    }
    let bought = visit(&browser, &signing, visitors, seed).await;
    println!(
        "{visitors} visitors, {bought} of them bought. The true rates:\n{}",
        truths()
    );
    println!("Hold that against {shop}/results");
    Ok(())
}

/// Sends visitors, and returns how many bought.
async fn visit(browser: &Browser, signing: &CookieSigning, visitors: usize, seed: u64) -> usize {
    let room = Arc::new(Semaphore::new(AT_ONCE));
    let mut visits = Vec::new();
    for (number, visitor) in Visitors::new(seed).take(visitors).enumerate() {
        let Ok(place) = Arc::clone(&room).acquire_owned().await else {
            break;
        };
        let (browser, signing) = (browser.clone(), signing.clone());
        visits.push(tokio::spawn(async move {
            let _place = place;
            shop(&browser, &signing, &visitor, (seed, number)).await
        }));
        if number % 1_000 == 999 {
            println!("{} visitors so far", number + 1);
        }
    }
    let mut bought = 0;
    for visit in visits {
        bought += usize::from(visit.await.unwrap_or(false));
    }
    bought
}

/// Visits the shop as one visitor; returns whether there was a purchase.
async fn shop(
    browser: &Browser,
    signing: &CookieSigning,
    visitor: &Visitor,
    (seed, number): (u64, usize),
) -> bool {
    // A key as the shop issues them: 16 bytes in 22 letters.
    let key = format!("{seed:08}{number:013}A");
    let cookie = format!("tracks={}", signing.value(key));
    let Ok(tracks) = browser.look("/coconuts", &cookie).await else {
        return false;
    };
    // There is no header while all tests are paused.
    let behaviour = Shop::of(&tracks.unwrap_or_default());
    let Some(spends) = visitor.spends(behaviour) else {
        return false;
    };
    // Visitors who spend more buy the dearer one.
    let article = if spends > 5.0 { 2 } else { 0 };
    let form = format!("id={seed}-{number}&article={article}");
    browser.submit("/buy", &cookie, form).await.is_ok()
}

fn setting<T>(name: &str, default: T) -> Result<T, String>
where
    T: FromStr,
    T::Err: Display,
{
    match env::var(name) {
        Ok(text) => text
            .parse()
            .map_err(|error| format!("{name}={text:?}: {error}")),
        Err(_) => Ok(default),
    }
}
