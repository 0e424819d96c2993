//! The protocol's own description, version 0.3.0 of `openapi.yaml` at open-feature/protocol, as JSON.

use std::sync::OnceLock;

use jsonschema::Validator;
use serde_json::{Value, json};

use super::{ALL, Answer, EXPOSURES};

const DOCUMENT: &str = include_str!("../../vectors/ofrep/openapi.json");

fn document() -> &'static Value {
    static DOCUMENT_READ: OnceLock<Value> = OnceLock::new();
    DOCUMENT_READ.get_or_init(|| {
        let mut document: Value = serde_json::from_str(DOCUMENT).unwrap();
        // A flag is to be of exactly one of six types. But that of a code default has no rule, so that every value is of
        // two, and a whole number is of three. Any of them is meant.
        let types = "/components/schemas/evaluationSuccess/allOf/1";
        let types = document
            .pointer_mut(types)
            .unwrap()
            .as_object_mut()
            .unwrap();
        let one_of = types.remove("oneOf").unwrap();
        types.insert("anyOf".to_owned(), one_of);
        document
    })
}

/// Returns the schema of a request's body, or of a status.
fn schema(path: &str, status: Option<u16>) -> Option<Validator> {
    let template = match path {
        ALL => ALL.to_owned(),
        _ => format!("{ALL}/{{key}}"),
    };
    let post = &document()["paths"][template]["post"];
    let content = match status {
        None => &post["requestBody"],
        Some(status) => post["responses"].get(status.to_string())?,
    };
    let schema = content.pointer("/content/application~1json/schema")?;
    let schema = json!({ "allOf": [schema], "components": document()["components"] });
    Some(jsonschema::validator_for(&schema).unwrap())
}

#[track_caller]
pub(super) fn check_request(path: &str, body: &Value) {
    check(path, None, body);
}

#[track_caller]
pub(super) fn check_answer(path: &str, answer: &Answer) {
    if path == EXPOSURES {
        return;
    }
    let status = answer.status.as_u16();
    let post = match path {
        ALL => ALL.to_owned(),
        _ => format!("{ALL}/{{key}}"),
    };
    let known = &document()["paths"][post]["post"]["responses"];
    assert!(
        known.get(status.to_string()).is_some(),
        "{status}: {}",
        answer.body
    );
    match schema(path, Some(status)) {
        Some(_) => check(path, Some(status), &answer.body),
        None => assert_eq!(answer.body, Value::Null),
    }
    assert!(answer.header("cache-control").starts_with("private"));
}

#[track_caller]
fn check(path: &str, status: Option<u16>, body: &Value) {
    let schema = schema(path, status).unwrap();
    let errors: Vec<String> = schema
        .iter_errors(body)
        .map(|error| error.to_string())
        .collect();
    assert!(errors.is_empty(), "{body}: {errors:?}");
}

#[test]
fn the_document_refuses_what_is_no_answer() {
    let one = schema("/ofrep/v1/evaluate/flags/a", Some(200)).unwrap();
    assert!(one.is_valid(&json!({ "key": "a", "reason": "SPLIT", "value": 1 })));
    for wrong in [
        json!({ "key": "a", "value": 1 }),
        json!({ "reason": "SPLIT" }),
        json!({ "key": "a", "reason": "BUCKETED" }),
        json!({ "key": "a", "reason": "SPLIT", "variant": null }),
        json!({ "key": "a", "reason": "SPLIT", "metadata": { "list": [] } }),
    ] {
        assert!(!one.is_valid(&wrong), "{wrong}");
    }
    let all = schema(ALL, Some(200)).unwrap();
    assert!(!all.is_valid(&json!({ "flags": [{ "key": "a" }] })));
    let request = schema(ALL, None).unwrap();
    assert!(!request.is_valid(&json!({ "context": {} })));
}
