//! The layer around a tonic server: a gRPC method reads the track of its call.
//!
//! ```text
//! cargo run --example grpc
//! ```
//!
//! A server starts on a free port, and a client calls it for a few customers. The service is
//! written by hand, so that no `protoc` is needed; with generated code only `get_price`
//! would be yours to write. The key is the header `x-customer`, as a proxy in front sets it
//! that has checked who calls.

use std::{
    convert::Infallible,
    error::Error,
    pin::Pin,
    task::{Context, Poll},
};

use tokio::{net::TcpListener, sync::oneshot};
use tokio_stream::wrappers::TcpListenerStream;
use tonic::{
    Request, Response, Status,
    body::Body,
    client,
    codegen::{http, http::HeaderName, http::uri::PathAndQuery},
    metadata::MetadataMap,
    server::{self, NamedService},
    transport::{Channel, Endpoint, Server},
};
use tonic_prost::ProstCodec;
use tower::{Service, service_fn};
use tower_tracks::{
    Assignments, DefinitionError, KeySource, ParamTrackSet, TracksLayer,
    middleware::TRACKS_EXPOSURE,
};

const CUSTOMER: &str = "x-customer";
const GET_PRICE: &str = "/shop.Prices/GetPrice";

#[derive(Clone, PartialEq, prost::Message)]
struct PriceRequest {
    #[prost(string, tag = "1")]
    article: String,
}

#[derive(Clone, PartialEq, prost::Message)]
struct PriceReply {
    #[prost(int64, tag = "1")]
    euros: i64,
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
    let address = listener.local_addr()?;
    let (stop, stopped) = oneshot::channel::<()>();
    let server = Server::builder()
        .layer(tracks()?)
        .add_service(Prices)
        .serve_with_incoming_shutdown(TcpListenerStream::new(listener), async {
            // An error says that the client is gone, which is a reason to stop, too.
            let _ = stopped.await;
        });
    let server = tokio::spawn(server);

    let channel = Endpoint::try_from(format!("http://{address}"))?
        .connect()
        .await?;
    for customer in ["alice", "bob", "dave", "alice"] {
        ask_price(channel.clone(), customer).await?;
    }

    drop(stop);
    Ok(server.await??)
}

fn tracks() -> Result<TracksLayer, DefinitionError> {
    let pricing = ParamTrackSet::new("pricing", -1..=1, |euros| format!("adjusted_by_{euros}"))
        .control("adjusted_by_0")
        .run(|price: &mut i64, euros| *price += euros);
    let customer = KeySource::trusted_header(HeaderName::from_static(CUSTOMER));
    Ok(TracksLayer::new(pricing.build()?).key(customer))
}

/// The method. tonic hands over the extensions of the http request, and with them what the
/// layer put there.
async fn get_price(request: Request<PriceRequest>) -> Result<Response<PriceReply>, Status> {
    let mut price = list_price(&request.get_ref().article)?;
    if let Some(assignments) = request.extensions().get::<Assignments>() {
        assignments.run(&mut price);
    }
    Ok(Response::new(PriceReply { euros: price }))
}

fn list_price(article: &str) -> Result<i64, Status> {
    match article {
        "coconut" => Ok(5),
        _ => Err(Status::not_found(format!("no article {article:?}"))),
    }
}

async fn ask_price(channel: Channel, customer: &'static str) -> Result<(), Box<dyn Error>> {
    let mut client = client::Grpc::new(channel);
    client.ready().await?;
    let mut request = Request::new(PriceRequest {
        article: "coconut".to_owned(),
    });
    request.metadata_mut().insert(CUSTOMER, customer.parse()?);
    let path = PathAndQuery::from_static(GET_PRICE);
    let response: Response<PriceReply> = client.unary(request, path, ProstCodec::default()).await?;
    let exposure = exposure(response.metadata());
    println!(
        "{customer:6} {exposure:24} {} euros",
        response.get_ref().euros
    );
    Ok(())
}

fn exposure(metadata: &MetadataMap) -> &str {
    let exposure = metadata.get(TRACKS_EXPOSURE.as_str());
    exposure
        .and_then(|value| value.to_str().ok())
        .unwrap_or("-")
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
