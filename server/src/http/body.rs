//! Bodies that are read whole before anybody is asked who sends them.
//!
//! A request is carried out for whoever its session belongs to when its last byte has come, not its
//! first: otherwise a stolen session could be kept beyond its end by a request that is sent slowly.

use crate::problem::ApiError;
use axum::{body, body::Body};
use domain::{Error, Kind};
use http_body_util::LengthLimitError;
use std::{error::Error as _, time::Duration};
use tokio::time::timeout;

/// How large a body may be that is read whole (JSON, ordinary forms), in bytes.
const MAX_BYTES: usize = 256 * 1024;

/// How long it may take to arrive.
const MAX_WAIT: Duration = Duration::from_secs(30);

/// The body of a request to that path, arrived. Uploads stream and have their own limits.
pub(crate) async fn arrived(path: &str, body: Body) -> Result<Body, ApiError> {
    if app::is_upload(path) {
        return Ok(body);
    }
    match timeout(MAX_WAIT, body::to_bytes(body, MAX_BYTES)).await {
        Ok(Ok(bytes)) => Ok(bytes.into()),
        Ok(Err(error)) if is_too_long(&error) => Err(ApiError(Error::new(
            Kind::TooLarge,
            "body_too_large",
            "The request is too large.",
        ))),
        Ok(Err(_)) | Err(_) => Err(broken()),
    }
}

fn is_too_long(error: &axum::Error) -> bool {
    error
        .source()
        .is_some_and(|cause| cause.is::<LengthLimitError>())
}

/// What a request gets that did not arrive whole, or not in time.
pub(crate) fn broken() -> ApiError {
    ApiError(Error::new(
        Kind::BadRequest,
        "broken_body",
        "The request did not arrive whole. Send it again.",
    ))
}
