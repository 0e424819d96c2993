//! Reads the flags of the shop for keys on standard input, by the provider of OpenFeature for Rust.

use std::{env, error::Error, fmt::Display, io};

use futures_util::{StreamExt, stream};
use open_feature::{Client, EvaluationContext, EvaluationDetails, EvaluationResult, OpenFeature};
use open_feature_ofrep::{OfrepOptions, OfrepProvider};
use reqwest::header::{AUTHORIZATION, HeaderMap, HeaderValue};

/// How many keys are asked at the same time.
const AT_ONCE: usize = 32;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = env::args().skip(1);
    let base_url = arguments
        .next()
        .ok_or("usage: client ADDRESS AUTHORIZATION")?;
    let authorization = arguments
        .next()
        .ok_or("usage: client ADDRESS AUTHORIZATION")?;
    let mut headers = HeaderMap::new();
    headers.insert(AUTHORIZATION, HeaderValue::try_from(authorization)?);
    let options = OfrepOptions {
        base_url,
        headers,
        ..OfrepOptions::default()
    };
    let mut api = OpenFeature::singleton_mut().await;
    api.set_provider(OfrepProvider::new(options).await?).await;
    let client = &api.create_client();
    drop(api);
    let keys = io::read_to_string(io::stdin())?;
    let answers = stream::iter(keys.lines()).map(|key| lines(client, key));
    let answers: Vec<String> = answers.buffered(AT_ONCE).collect().await;
    print!("{}", answers.concat());
    Ok(())
}

/// Returns one line for each flag of a key.
async fn lines(client: &Client, key: &str) -> String {
    let context = EvaluationContext::default().with_targeting_key(key);
    let delay = client.get_int_details("delay", Some(&context), None).await;
    let pricing = client
        .get_int_details("pricing", Some(&context), None)
        .await;
    let banner = client
        .get_string_details("banner", Some(&context), None)
        .await;
    let banner = banner.map(|details| EvaluationDetails {
        value: format!("\"{}\"", details.value),
        flag_key: details.flag_key,
        reason: details.reason,
        variant: details.variant,
        flag_metadata: details.flag_metadata,
    });
    [
        line(key, "delay", delay, "-1"),
        line(key, "pricing", pricing, "-99"),
        line(key, "banner", banner, "\"unset\""),
    ]
    .concat()
}

/// Returns what an application gets. This client has no defaults, so that it says what it uses on an error.
fn line<T: Display>(
    key: &str,
    flag: &str,
    details: EvaluationResult<EvaluationDetails<T>>,
    default: &str,
) -> String {
    match details {
        Ok(details) => {
            let reason = details.reason.map(|reason| reason.to_string());
            let (variant, reason) = (
                details.variant.unwrap_or_default(),
                reason.unwrap_or_default(),
            );
            format!("{key}\t{flag}\t{}\t{variant}\t{reason}\t\n", details.value)
        }
        Err(error) => format!("{key}\t{flag}\t{default}\t\tERROR\t{}\n", error.code),
    }
}
