//! The last service, with gRPC. It is written by hand, so that no `protoc` is needed; with generated code only
//! `get_price` and `ask` would be yours to write.

use std::{
    convert::Infallible,
    error::Error,
    pin::Pin,
    task::{Context, Poll},
};

use tokio::net::TcpListener;
use tokio_stream::wrappers::TcpListenerStream;
use tonic::{
    Request, Response, Status,
    body::Body,
    client,
    codegen::http::{self, HeaderValue, uri::PathAndQuery},
    metadata::MetadataMap,
    server::{self, NamedService},
    transport::{self, Channel, Server},
};
use tonic_prost::ProstCodec;
use tower::{Service, service_fn};
use tower_tracks::{
    Assignments, DefinitionError, Observe, TracksLayer,
    middleware::{KeySources, Propagation, TRACKS_PROPAGATION},
};

use super::sets;

const GET_PRICE: &str = "/shop.Prices/GetPrice";

#[derive(Clone, PartialEq, prost::Message)]
pub(super) struct PriceRequest {}

#[derive(Clone, PartialEq, prost::Message)]
pub(super) struct PriceReply {
    #[prost(int64, tag = "1")]
    pub(super) euros: i64,
    #[prost(string, tag = "2")]
    pub(super) track: String,
}

pub(super) async fn serve(
    listener: TcpListener,
    layer: TracksLayer,
) -> Result<(), transport::Error> {
    Server::builder()
        .layer(layer)
        .add_service(Prices)
        .serve_with_incoming(TcpListenerStream::new(listener))
        .await
}

pub(super) fn layer(
    propagation: Propagation,
    observer: impl Observe,
) -> Result<TracksLayer, DefinitionError> {
    Ok(TracksLayer::new(sets::pricing()?)
        .accept_propagated(propagation)
        // A request without the header is of nobody.
        .key(KeySources::from(vec![]))
        .observe(observer))
}

/// The method. The layer put the assignments into the extensions.
async fn get_price(request: Request<PriceRequest>) -> Result<Response<PriceReply>, Status> {
    let (mut euros, mut track) = (5, String::new());
    if let Some(assignments) = request.extensions().get::<Assignments>() {
        assignments.run(&mut euros);
        track = assignments
            .get("pricing")
            .map(|one| one.to_string())
            .unwrap_or_default();
    }
    Ok(Response::new(PriceReply { euros, track }))
}

/// Asks for the price, and passes the choices on.
pub(super) async fn ask(
    channel: Channel,
    propagated: Option<HeaderValue>,
) -> Result<PriceReply, Box<dyn Error + Send + Sync>> {
    let mut client = client::Grpc::new(channel);
    client.ready().await?;
    let mut request = Request::new(PriceRequest {});
    if let Some(value) = propagated {
        let mut headers = http::HeaderMap::new();
        headers.insert(TRACKS_PROPAGATION, value);
        *request.metadata_mut() = MetadataMap::from_headers(headers);
    }
    let path = PathAndQuery::from_static(GET_PRICE);
    let reply = client.unary(request, path, ProstCodec::default()).await?;
    Ok(reply.into_inner())
}

/// What `tonic-build` would generate from `service Prices { rpc GetPrice(…) returns (…); }`.
#[derive(Clone)]
struct Prices;

impl NamedService for Prices {
    const NAME: &'static str = "shop.Prices";
}

impl Service<http::Request<Body>> for Prices {
    type Response = http::Response<Body>;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, Infallible>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: http::Request<Body>) -> Self::Future {
        Box::pin(async move {
            Ok(match request.uri().path() {
                GET_PRICE => {
                    let mut method = server::Grpc::new(ProstCodec::default());
                    method.unary(service_fn(get_price), request).await
                }
                path => Status::unimplemented(format!("no method {path}")).into_http(),
            })
        })
    }
}
