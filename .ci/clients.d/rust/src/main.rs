//! Reads the flags of the shop as a service, by the provider of OpenFeature for Rust:
//! `tower-tracks-client ADDRESS AUTHORIZATION <ASKED`.
//!
//! Each line of the input is a key and its flags, with tabs between them.

use std::{env, error::Error, io};

use futures_util::{StreamExt, stream};
use open_feature::{Client, EvaluationContext, EvaluationDetails, EvaluationResult, OpenFeature};
use open_feature_ofrep::{OfrepOptions, OfrepProvider};
use reqwest::header::{AUTHORIZATION, HeaderMap, HeaderValue};

/// How many keys are asked about at the same time.
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
    let asked = io::read_to_string(io::stdin())?;
    let answers = stream::iter(asked.lines()).map(|line| lines(client, line));
    let answers: Vec<String> = answers.buffered(AT_ONCE).collect().await;
    print!("{}", answers.concat());
    Ok(())
}

/// Returns one line for each flag of a key.
async fn lines(client: &Client, asked: &str) -> String {
    let mut asked = asked.split('\t');
    let key = asked.next().unwrap_or_default();
    let context = EvaluationContext::default().with_targeting_key(key);
    let mut lines = String::new();
    for flag in asked {
        let answer = match flag {
            "banner" => {
                let details = client.get_string_details(flag, Some(&context), None).await;
                said(details, |text| format!("\"{text}\""), "\"unset\"")
            }
            "delay" => {
                let details = client.get_int_details(flag, Some(&context), None).await;
                said(details, |number| number.to_string(), "-1")
            }
            _ => {
                let details = client.get_int_details(flag, Some(&context), None).await;
                said(details, |number| number.to_string(), "-99")
            }
        };
        lines += &format!("{key}\t{flag}\t{answer}\n");
    }
    lines
}

/// Returns what an application gets. This client takes no default, so the application has it.
fn said<T>(
    details: EvaluationResult<EvaluationDetails<T>>,
    written: impl Fn(T) -> String,
    default: &str,
) -> String {
    match details {
        Ok(details) => {
            let variant = details.variant.unwrap_or_default();
            let reason = details.reason.map(|reason| reason.to_string());
            let value = written(details.value);
            format!("{value}\t{variant}\t{}\t", reason.unwrap_or_default())
        }
        Err(error) => format!("{default}\t\tERROR\t{}", error.code),
    }
}
