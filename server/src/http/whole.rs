//! Pages that are rendered to their end.

use crate::problem::{self, ApiError};
use axum::{
    body::{Body, to_bytes},
    response::{IntoResponse, Response},
};
use domain::Error;
use std::time::Duration;
use tokio::{sync::Semaphore, time::timeout};
use tracing::Instrument;

/// How many pages are rendered at once. The next ones wait, as long as their browsers do.
static RENDERS: Semaphore = Semaphore::const_new(64);

/// How long a page may take, with everything that it asks for.
const LIMIT: Duration = Duration::from_secs(60);

/// Renders a page to its end, also when the browser has gone away meanwhile.
///
/// A render that is dropped half-way leaves tasks behind that look for what was dropped with it, and
/// panic.
pub(crate) async fn whole(page: impl Future<Output = Response> + Send + 'static) -> Response {
    let Ok(permit) = RENDERS.acquire().await else {
        return ApiError(Error::internal()).into_response();
    };
    let render = async move {
        let _permit = permit;
        let (parts, body) = page.await.into_parts();
        let body = to_bytes(body, usize::MAX).await;
        body.map(|bytes| Response::from_parts(parts, Body::from(bytes)))
    };
    let rendered = tokio::spawn(render.in_current_span());
    match timeout(LIMIT, rendered).await {
        Ok(Ok(Ok(page))) => page,
        Ok(Ok(Err(error))) => {
            tracing::error!(%error, "a page broke off while it was rendered");
            ApiError(Error::internal()).into_response()
        }
        Ok(Err(panic)) => problem::panicked(Box::new(panic)),
        Err(_) => ApiError(Error::unavailable("page")).into_response(),
    }
}
