//! The visits of a shop: how many visitors come, how many at a time, and what each does.

use std::{
    env,
    error::Error,
    fmt::{self, Display, Formatter},
    pin::pin,
    str::FromStr,
    sync::Arc,
};

use tokio::task::JoinSet;
use tower_tracks::unit::CookieSigning;

use super::{
    behaviour::Shop,
    browser::{Browser, Failure},
    visitors::{Visitor, Visitors},
};
use crate::secret;

/// How many visitors are in the shop at once. More of them leave no processor for other programs.
const AT_ONCE: usize = 100;

/// Visitors who will come.
pub(super) struct Traffic {
    browser: Browser,
    signing: CookieSigning,
    visitors: usize,
    seed: u64,
}

/// Visitors who came.
#[derive(Default)]
pub(super) struct Sent {
    visitors: usize,
    buyers: usize,
}

impl Traffic {
    /// Reads `VISITORS`, `SEED` and the secret of the shop.
    pub(super) fn from_env(shop: &str) -> Result<Self, Box<dyn Error>> {
        Ok(Self {
            browser: Browser::new(shop),
            // The shop accepts no visitor whose cookie it did not sign.
            signing: CookieSigning::new(secret::from_env())?,
            visitors: setting("VISITORS", 6_000)?,
            seed: setting("SEED", 1)?,
        })
    }

    /// Fails if no shop answers.
    #[allow(dead_code, reason = "the shop knows that it is open")]
    pub(super) async fn knock(&self) -> Result<(), Failure> {
        self.browser.look("/", "").await?;
        Ok(())
    }

    /// Sends the visitors. When `stop` ends, no more of them come, and those in the shop finish.
    pub(super) async fn send(self, stop: impl Future<Output = ()>) -> Sent {
        let traffic = Arc::new(self);
        let mut stop = pin!(stop);
        let (mut visits, mut sent) = (JoinSet::new(), Sent::default());
        let visitors = Visitors::new(traffic.seed).take(traffic.visitors);
        for (number, visitor) in visitors.enumerate() {
            if visits.len() == AT_ONCE {
                tokio::select! {
                    biased;
                    () = &mut stop => break,
                    Some(visit) = visits.join_next() => sent.count(visit.unwrap_or(false)),
                }
            }
            let traffic = Arc::clone(&traffic);
            visits.spawn(async move { traffic.visit(number, &visitor).await });
        }
        while let Some(visit) = visits.join_next().await {
            sent.count(visit.unwrap_or(false));
        }
        sent
    }

    /// Visits the shop as one visitor. Returns whether there was a purchase.
    async fn visit(&self, number: usize, visitor: &Visitor) -> bool {
        let Self { browser, seed, .. } = self;
        // A key as the shop issues them: 16 bytes in 22 letters.
        let key = format!("{seed:08}{number:013}A");
        let cookie = format!("tracks={}", self.signing.value(key));
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
}

impl Display for Traffic {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let Self { visitors, seed, .. } = self;
        write!(
            f,
            "{visitors} visitors of seed {seed}, at most {AT_ONCE} at a time"
        )
    }
}

impl Sent {
    fn count(&mut self, has_bought: bool) {
        self.visitors += 1;
        self.buyers += usize::from(has_bought);
        if self.visitors.is_multiple_of(1_000) {
            println!("{} visitors so far", self.visitors);
        }
    }
}

impl Display for Sent {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let Self { visitors, buyers } = self;
        write!(f, "{visitors} visitors, {buyers} of them bought")
    }
}

fn setting<T>(name: &str, default: T) -> Result<T, String>
where
    T: FromStr,
    T::Err: Display,
{
    match env::var(name) {
        Ok(text) => text
            .parse()
            .map_err(|error| format!("{name} is {text:?}: {error}")),
        Err(_) => Ok(default),
    }
}
