//! The caller, as handlers get it, and under which id the log names the request.

use crate::AppState;
use axum::{
    Extension,
    extract::{FromRequestParts, Request},
    http::request::Parts,
};
use domain::Caller;

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
