//! Pages that are rendered to their end.

use crate::problem;
use axum::{
    body::{Body, to_bytes},
    response::{IntoResponse, Response},
};

/// Renders a page to its end, also when the browser has gone away meanwhile.
///
/// A render that is dropped half-way leaves tasks behind that look for what was dropped with it, and
/// panic.
pub(crate) async fn whole(page: impl Future<Output = Response> + Send + 'static) -> Response {
    let rendered = tokio::spawn(async move {
        let (parts, body) = page.await.into_parts();
        let body = to_bytes(body, usize::MAX).await;
        body.map(|bytes| Response::from_parts(parts, Body::from(bytes)))
    });
    match rendered.await {
        Ok(Ok(page)) => page,
        Ok(Err(error)) => {
            tracing::error!(%error, "a page broke off while it was rendered");
            problem::ApiError(domain::Error::internal()).into_response()
        }
        Err(panic) => problem::panicked(Box::new(panic)),
    }
}
