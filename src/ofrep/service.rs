//! The handlers of the three paths.

use std::sync::Arc;

use axum::{body::Body, response::Response};
use http::{HeaderMap, HeaderValue, StatusCode, header, request::Parts};
use serde::Serialize;
use sha2::{Digest, Sha256};

use super::{
    answer::{Answer, Success},
    asked,
    caller::Caller,
    context::EvaluationContext,
    exposures::Exposures,
    flags::{Flag, Flags},
    receipts::Entry,
    refusal::{self, Code, Refusal, json, private},
};
use crate::{
    assign::Reason,
    middleware::{Evaluation, Evaluator},
};

/// Puts what a service says about a visitor into the request that the layer looks at.
pub(super) type Contextual = Arc<dyn Fn(&EvaluationContext, &mut Parts) + Send + Sync>;

/// What the router shares among its requests.
pub(super) struct Service {
    pub(super) evaluator: Evaluator,
    pub(super) flags: Flags,
    pub(super) caller: Arc<dyn Fn(&Parts) -> Caller + Send + Sync>,
    pub(super) contexts: Vec<Contextual>,
    /// The kind of the `targetingKey`.
    pub(super) targeting: String,
    pub(super) exposures: Exposures,
}

/// An evaluation that has begun.
struct Begun {
    evaluation: Evaluation,
    is_service: bool,
}

/// The answer about all flags.
#[derive(Serialize)]
struct All<'a> {
    flags: Vec<Answer<'a>>,
}

impl Service {
    /// Answers about one flag.
    pub(super) async fn one(&self, name: Option<&str>, mut parts: Parts, body: Body) -> Response {
        let caller = (self.caller)(&parts);
        if caller == Caller::Nobody {
            return refusal::unauthorized();
        }
        // A name that is not UTF-8 is none of a set.
        let name = name.unwrap_or_default();
        let Some(flag) = self.flags.find(name, caller == Caller::Service) else {
            let why = "the layer has no set of this name";
            return Refusal::new(Code::FlagNotFound, why).response(Some(name));
        };
        let begun = match self.begin(caller, &mut parts, body).await {
            Ok(begun) => begun,
            Err(refusal) => return refusal.response(Some(name)),
        };
        // A service that asks for one flag reads it, so it needs no receipt.
        let evaluated = begun.evaluated(self, name, flag, !begun.is_service);
        let response = match &evaluated {
            Ok(success) => json(StatusCode::OK, success),
            Err(refusal) => refusal.response(Some(name)),
        };
        if begun.is_service && evaluated.is_ok() {
            begun.evaluation.read(flag.place);
        }
        drop(evaluated);
        begun.evaluation.end(response)
    }

    /// Answers about all flags.
    pub(super) async fn all(&self, mut parts: Parts, body: Body) -> Response {
        let caller = (self.caller)(&parts);
        if caller == Caller::Nobody {
            return refusal::unauthorized();
        }
        let begun = match self.begin(caller, &mut parts, body).await {
            Ok(begun) => begun,
            Err(refusal) => return refusal.response(None),
        };
        let response = begun.all(self, &parts.headers);
        begun.evaluation.end(response)
    }

    /// Receives receipts.
    pub(super) async fn receive(&self, parts: Parts, body: Body) -> Response {
        let caller = (self.caller)(&parts);
        if caller == Caller::Nobody {
            return refusal::unauthorized();
        }
        let is_service = caller == Caller::Service;
        match asked::read(body).await {
            Ok(body) => {
                let (evaluator, flags) = (&self.evaluator, &self.flags);
                self.exposures
                    .receive(evaluator, flags, &parts, is_service, &body)
            }
            Err(refusal) => refusal.response(None),
        }
    }

    /// Assigns the visitor of a request.
    async fn begin(&self, caller: Caller, parts: &mut Parts, body: Body) -> Result<Begun, Refusal> {
        let body = asked::read(body).await?;
        let context = asked::context(&body)?;
        let is_service = caller == Caller::Service;
        let evaluation = match is_service {
            true => self.begin_told(&context, parts)?,
            false => self.evaluator.begin(parts),
        };
        Ok(Begun {
            evaluation,
            is_service,
        })
    }

    /// Assigns the visitor of a service, which names the keys, or passes on the header of another service.
    fn begin_told(
        &self,
        context: &EvaluationContext,
        parts: &mut Parts,
    ) -> Result<Evaluation, Refusal> {
        let told = asked::told(context, &self.targeting, &self.flags.kinds())?;
        for contextual in &self.contexts {
            contextual(context, parts);
        }
        let evaluation = self.evaluator.begin_told(parts, &told);
        match told.0.is_empty() && !evaluation.is_passed() {
            true => Err(missing(&self.targeting, &self.targeting)),
            false => Ok(evaluation),
        }
    }
}

impl Begun {
    /// Returns the answer about a flag under the name that the client has used. From now on the response depends on
    /// the choice.
    fn evaluated<'a>(
        &'a self,
        service: &Service,
        name: &'a str,
        flag: &'a Flag,
        has_receipt: bool,
    ) -> Result<Success<'a>, Refusal> {
        let looked = self.evaluation.look(flag.place);
        let kind = flag.set.unit_kind();
        if self.is_service && looked.reason == Reason::NoKey {
            return Err(missing(kind, &service.targeting));
        }
        let receipt = has_receipt.then(|| self.receipt(service, flag)).flatten();
        Ok(Success::new(name, flag, looked, receipt))
    }

    fn receipt(&self, service: &Service, flag: &Flag) -> Option<String> {
        let receipts = service.exposures.receipts.as_ref()?;
        let (key, counted) = self.evaluation.counted(flag.place)?;
        let entry = |counted: &crate::middleware::Counted<'_>| {
            Some(Entry {
                set: service.flags.id(counted.place)?,
                track: u16::try_from(counted.track).ok()?,
                coin: counted.coin,
                segment: counted.segment.map(str::to_owned),
            })
        };
        let entries: Option<Vec<_>> = counted.iter().map(entry).collect();
        receipts.issue(key, &entries?, service.evaluator.now())
    }

    fn all(&self, service: &Service, headers: &HeaderMap) -> Response {
        let flags = service.flags.of(self.is_service);
        let named = flags.flat_map(|flag| flag.names().map(move |name| (name, flag)));
        let evaluated: Vec<_> = named
            .map(|(name, flag)| (name, self.evaluated(service, name, flag, true)))
            .collect();
        let flags = evaluated.iter().map(|(name, evaluated)| match evaluated {
            Ok(success) => Answer::Success(success),
            Err(refusal) => Answer::Failure(refusal.failure(Some(name))),
        });
        let all = All {
            flags: flags.collect(),
        };
        match serde_json::to_vec(&all) {
            Ok(body) => tagged(body, headers),
            Err(_) => json(StatusCode::INTERNAL_SERVER_ERROR, &()),
        }
    }
}

/// The refusal of a service that names no key of a kind; `targeting` is that of the `targetingKey`.
fn missing(kind: &str, targeting: &str) -> Refusal {
    let attribute = match kind == targeting {
        true => "targetingKey",
        false => kind,
    };
    let why =
        format!("the set is by {kind}: the context needs `{attribute}`, the key of the {kind}");
    Refusal::new(Code::TargetingKeyMissing, why)
}

/// Returns an answer with its tag, or that the client has it already.
fn tagged(body: Vec<u8>, headers: &HeaderMap) -> Response {
    let digest: [u8; 32] = Sha256::digest(&body).into();
    let tag: String = digest[..16]
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    let tag = format!("\"{tag}\"");
    let mut response = match is_known(headers, &tag) {
        true => {
            let mut response = private(Response::new(Body::empty()));
            *response.status_mut() = StatusCode::NOT_MODIFIED;
            response
        }
        false => refusal::written(StatusCode::OK, body),
    };
    if let Ok(tag) = HeaderValue::try_from(tag) {
        response.headers_mut().insert(header::ETAG, tag);
    }
    response
}

/// Returns whether a client has an answer with this tag, by the weak comparison of RFC 9110.
fn is_known(headers: &HeaderMap, tag: &str) -> bool {
    let lines = headers.get_all(header::IF_NONE_MATCH).into_iter();
    let known = lines.filter_map(|line| line.to_str().ok());
    let mut known = known.flat_map(|line| line.split(','));
    known.any(|known| {
        let known = known.trim();
        known == "*" || known.strip_prefix("W/").unwrap_or(known) == tag
    })
}
