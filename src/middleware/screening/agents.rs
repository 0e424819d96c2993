//! User agents of bots, by fragments of their text.
//!
//! The lists are long, so a search must be cheap: see [`Fragments`].

use super::fragments::{Fragments, begins_with};

/// The fragments of user agents of bots, in lower case. A fragment must not occur in the user agent of
/// a browser, except in the names of [`NOT_BOTS`].
const BOTS: [&str; 64] = [
    // Search engines, archives and assistants.
    "bot",
    "crawl",
    "spider",
    "slurp",
    "mediapartners",
    "apis-google",
    "feedfetcher",
    "google favicon",
    "google-inspectiontool",
    "google web preview",
    "googleother",
    "ia_archiver",
    "heritrix",
    "httrack",
    "nutch",
    "scrapy",
    "chatgpt-user",
    "claude-user",
    "perplexity-user",
    // Previews of links.
    "bingpreview",
    "embedly",
    "facebookcatalog",
    "facebookexternalhit",
    "iframely",
    "link preview",
    "meta-external",
    "skypeuripreview",
    "slack-imgproxy",
    "vkshare",
    "whatsapp/",
    // Health checks.
    "alwayson",
    "envoy/hc",
    "googlehc",
    "haproxy",
    "health check",
    "health probe",
    "health-check",
    "healthcheck",
    "kube-probe",
    "load balancer",
    "traffic manager",
    "traffic-manager",
    // Monitors and audits.
    "appinsights",
    "blackbox exporter",
    "catchpoint",
    "check_http",
    "checkly",
    "cloudwatchsynthetics",
    "datadog",
    "dynatracesynthetic",
    "gtmetrix",
    "lighthouse",
    "monit/",
    "newrelicpinger",
    "nodeping",
    "page speed",
    "pingdom",
    "prometheus/",
    "prtg",
    "ptst/",
    "site24x7",
    "statuscake",
    "uptime",
    "zabbix",
];

/// Names of phones and of an app that have a fragment in them.
const NOT_BOTS: [&str; 9] = [
    "botim",
    "cubot",
    "idbot",
    "; b bot",
    "; id bot",
    "; m bot",
    "; power bot",
    "/b bot",
    "/m bot",
];

/// The rule that decides whether a user agent is that of a bot.
#[derive(Debug, Clone, Default)]
pub(crate) struct Agents {
    /// The fragments, prepared for the search.
    bots: Fragments,
    /// The names that are not bots, in lower case.
    not_bots: Box<[Box<[u8]>]>,
}

impl Agents {
    /// Returns the well-known bots.
    pub(crate) fn known() -> Self {
        Self::default().bots(BOTS).not_bots(NOT_BOTS)
    }

    /// Sets the fragments of bots. It replaces the previous ones.
    pub(crate) fn bots<F: AsRef<str>>(mut self, fragments: impl IntoIterator<Item = F>) -> Self {
        self.bots = Fragments::new(fragments);
        self
    }

    /// Sets the names that are not bots although they have a fragment. It replaces the previous ones.
    pub(crate) fn not_bots<F: AsRef<str>>(mut self, names: impl IntoIterator<Item = F>) -> Self {
        let names = names.into_iter();
        let lower = names.map(|name| name.as_ref().to_ascii_lowercase().into_bytes().into());
        self.not_bots = lower.collect();
        self
    }

    /// Returns whether no user agent is that of a bot, so that the header need not be read.
    pub(crate) fn is_empty(&self) -> bool {
        self.bots.is_empty()
    }

    /// Returns whether a user agent has a fragment outside the names that are not bots.
    #[inline]
    pub(crate) fn has_bot(&self, agent: &[u8]) -> bool {
        let mut places = self.bots.places(agent);
        places.any(|place| !self.is_in_name(agent, place))
    }

    /// Returns whether the place of a fragment is inside one of the names. A user agent may have a name
    /// and, elsewhere, the same fragment: then it is that of a bot.
    fn is_in_name(&self, agent: &[u8], (start, end): (usize, usize)) -> bool {
        self.not_bots.iter().any(|name| {
            let first = end.saturating_sub(name.len());
            (first..=start).any(|at| begins_word(agent, at) && begins_with(&agent[at..], name))
        })
    }
}

/// Returns whether a word begins at this place, or the place is not in a word.
fn begins_word(text: &[u8], at: usize) -> bool {
    let is_in_word = |at: usize| text.get(at).is_some_and(u8::is_ascii_alphanumeric);
    !(is_in_word(at) && at.checked_sub(1).is_some_and(is_in_word))
}

#[cfg(test)]
mod tests {
    use super::Agents;

    #[track_caller]
    fn check(agent: &str, expected: bool) {
        let agents = Agents::default()
            .bots(["bot"])
            .not_bots(["Cubot", "; m bot"]);
        assert_eq!(agents.has_bot(agent.as_bytes()), expected, "{agent}");
    }

    #[test]
    fn a_fragment_within_a_name_is_none() {
        check("Android 9; CUBOT_X19", false);
        check("cubot", false);
        check("Android 7; M BOT 60", false);
        check("CUBOT CUBOT", false);
    }

    #[test]
    fn a_fragment_beside_a_name_is_one() {
        check("Android 9; CUBOT_X19 (compatible; Googlebot/2.1)", true);
        check("Acubot", true);
        check("Telegram bot", true);
        check("cubo t bot", true);
    }
}
