//! The body of an evaluation, and the keys that a service names in it.

use axum::body::{Body, Bytes, to_bytes};
use serde_json::{Map, Value};

use super::{
    context::{EvaluationContext, TARGETING_KEY},
    refusal::{Code, Refusal},
};
use crate::{assign::Key, middleware::ToldKeys};

/// The longest body in bytes.
pub(super) const LONGEST: usize = 64 << 10;

/// Reads a body, up to its limit.
pub(super) async fn read(body: Body) -> Result<Bytes, Refusal> {
    to_bytes(body, LONGEST).await.map_err(|_| {
        let why = format!("the body is longer than {LONGEST} bytes, or ended early");
        Refusal::new(Code::ParseError, why)
    })
}

/// Returns the context of a body. Older clients leave it out.
pub(super) fn context(body: &[u8]) -> Result<EvaluationContext, Refusal> {
    if body.is_empty() {
        return Ok(EvaluationContext::default());
    }
    let body: Value = serde_json::from_slice(body)
        .map_err(|error| Refusal::new(Code::ParseError, format!("the body is no JSON: {error}")))?;
    let Value::Object(mut body) = body else {
        return Err(Refusal::new(Code::ParseError, "the body is no JSON object"));
    };
    match body.remove("context") {
        None | Some(Value::Null) => Ok(EvaluationContext::default()),
        Some(Value::Object(context)) => Ok(EvaluationContext(context)),
        Some(_) => Err(Refusal::new(
            Code::InvalidContext,
            "the context is no object",
        )),
    }
}

/// Returns the keys that a service names: the `targetingKey`, which is of the kind `targeting`, and the attributes that
/// have the names of other kinds.
pub(super) fn told(
    context: &EvaluationContext,
    targeting: &str,
    kinds: &[&str],
) -> Result<ToldKeys, Refusal> {
    let attributes = &context.0;
    let targeting = (targeting, TARGETING_KEY);
    let others = kinds.iter().filter(|kind| **kind != targeting.0);
    let all = std::iter::once(targeting).chain(others.map(|kind| (*kind, *kind)));
    let mut keys = Vec::new();
    for (kind, attribute) in all {
        if let Some(key) = key(attributes, attribute)? {
            keys.push((kind.to_owned(), key));
        }
    }
    Ok(ToldKeys(keys))
}

/// Returns the key in an attribute: a text, or a whole number, which is the same key as its digits.
fn key(attributes: &Map<String, Value>, name: &str) -> Result<Option<Key<'static>>, Refusal> {
    let invalid = |why: &str| Refusal::new(Code::InvalidContext, format!("`{name}` {why}"));
    let key = match attributes.get(name) {
        None | Some(Value::Null) => return Ok(None),
        Some(Value::String(text)) => Key::from(text.as_str()).into_owned(),
        Some(Value::Number(number)) => match (number.as_i64(), number.as_u64()) {
            (Some(number), _) => Key::from(number),
            (None, Some(number)) => Key::from(number),
            (None, None) => return Err(invalid("is no whole number")),
        },
        Some(_) => return Err(invalid("is neither a text nor a whole number")),
    };
    match key.is_valid() {
        true => Ok(Some(key)),
        false => Err(invalid("has to have 1 to 1024 bytes")),
    }
}
