//! The caller, as handlers get it.

use crate::AppState;
use axum::{Extension, extract::FromRequestParts, http::request::Parts};
use domain::Caller;

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
