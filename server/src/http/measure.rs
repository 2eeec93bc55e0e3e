//! Every request: its id, the span under which everything that it causes is logged, how long it took.

use axum::{
    extract::{MatchedPath, Request},
    http::Method,
    middleware::Next,
    response::Response,
};
use std::time::Instant;
use tracing::Instrument;
use uuid::Uuid;

/// The id of a request. Ours: a client's own could be anything.
#[derive(Clone)]
pub(crate) struct RequestId(pub(crate) String);

/// Stands around all else. The path is logged, never the query, which may hold what people typed; what is
/// counted is the route's template.
pub(crate) async fn measure(mut request: Request, next: Next) -> Response {
    let id = RequestId(Uuid::new_v4().to_string());
    let span = tracing::info_span!("request", request_id = %id.0, method = %request.method(), path = request.uri().path());
    let (method, route) = (method(request.method()), route(&request));
    request.extensions_mut().insert(id);
    let began = Instant::now();
    let response = next.run(request).instrument(span.clone()).await;
    let (status, took) = (response.status().as_u16(), began.elapsed());
    telemetry::metrics::request(method, &route, status, took);
    span.in_scope(|| match status {
        500.. => tracing::warn!(status, ?took, "answered"),
        _ => tracing::debug!(status, ?took, "answered"),
    });
    response
}

/// What no route matches is a file, or nothing: under one name, whatever was asked for.
fn route(request: &Request) -> String {
    request
        .extensions()
        .get::<MatchedPath>()
        .map_or_else(|| "other".to_owned(), |path| path.as_str().to_owned())
}

/// Clients may make up methods.
fn method(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::POST => "POST",
        Method::PUT => "PUT",
        Method::PATCH => "PATCH",
        Method::DELETE => "DELETE",
        Method::HEAD => "HEAD",
        Method::OPTIONS => "OPTIONS",
        _ => "other",
    }
}
