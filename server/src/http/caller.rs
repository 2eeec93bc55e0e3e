//! Who calls, and under which id the log names the request.

use crate::AppState;
use axum::{
    Extension,
    extract::{FromRequestParts, Request},
    http::{HeaderValue, request::Parts},
    middleware::Next,
    response::Response,
};
use domain::Caller;
use uuid::Uuid;

/// Gives every request its id and its caller. The id is ours: a client's own could be anything.
pub(crate) async fn identify(mut request: Request, next: Next) -> Response {
    let id = Uuid::new_v4().to_string();
    // Without accounts there is one implicit person.
    request
        .extensions_mut()
        .insert(Caller::implicit(id.clone()));
    let mut response = next.run(request).await;
    if let Ok(value) = HeaderValue::from_str(&id) {
        response.headers_mut().insert("x-request-id", value);
    }
    response
}

/// The span under which a request is logged: never its query, which may hold what people typed.
pub(crate) fn span(request: &Request) -> tracing::Span {
    let id = request
        .extensions()
        .get::<Caller>()
        .map(|caller| caller.request_id.clone())
        .unwrap_or_default();
    tracing::info_span!("request", id, method = %request.method(), path = request.uri().path())
}

/// The caller, for handlers.
pub(crate) struct Called(pub(crate) Caller);

impl FromRequestParts<AppState> for Called {
    type Rejection = crate::problem::ApiError;

    async fn from_request_parts(
        parts: &mut Parts,
        state: &AppState,
    ) -> Result<Self, Self::Rejection> {
        Extension::<Caller>::from_request_parts(parts, state)
            .await
            .map(|Extension(caller)| Self(caller))
            .map_err(|_| domain::Error::internal().into())
    }
}
