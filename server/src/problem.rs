//! Errors as `application/problem+json` (RFC 9457). The one place where a kind becomes a status lies
//! beside the UI's; here it becomes an HTTP response.

use axum::{
    Json,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use domain::{Error, Kind};
use std::any::Any;
use wire::Problem;

/// A service's error on its way out of the JSON API.
#[derive(Debug)]
pub struct ApiError(pub Error);

impl From<Error> for ApiError {
    fn from(error: Error) -> Self {
        Self(error)
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(app::http_status(self.0.kind))
            .unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        with_status(status, self.0)
    }
}

fn with_status(status: StatusCode, error: Error) -> Response {
    telemetry::metrics::error(error.kind.as_str());
    let retry_after = error.retry_after;
    let unauthenticated = error.kind == Kind::Unauthenticated;
    let problem = Problem::new(
        status.as_u16(),
        status.canonical_reason().unwrap_or("Error"),
        error,
    );
    let mut response = (status, Json(problem)).into_response();
    response.headers_mut().insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static("application/problem+json"),
    );
    if let Some(seconds) = retry_after {
        response
            .headers_mut()
            .insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    }
    if unauthenticated {
        response
            .headers_mut()
            .insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
    }
    response
}

/// What a wrong method gets.
pub(crate) async fn method_not_allowed() -> Response {
    with_status(
        StatusCode::METHOD_NOT_ALLOWED,
        Error::new(
            Kind::BadRequest,
            "method_not_allowed",
            "This address does not take that method.",
        ),
    )
}

/// What a request gets whose handler panicked. The panic itself is in the log.
pub(crate) fn panicked(_cause: Box<dyn Any + Send + 'static>) -> Response {
    with_status(StatusCode::INTERNAL_SERVER_ERROR, Error::internal())
}

/// What a request gets that another site made the browser send.
pub(crate) fn cross_site() -> Response {
    with_status(
        StatusCode::FORBIDDEN,
        Error::new(
            Kind::Forbidden,
            "cross_site",
            "Another site sent this request. Open DocuVault itself and try again.",
        ),
    )
}
