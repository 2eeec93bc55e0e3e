//! News of the caller's documents as server-sent events.

use crate::{AppState, http::caller::Called, problem::ApiError};
use axum::{
    extract::State,
    response::sse::{Event, KeepAlive, Sse},
};
use futures::{Stream, StreamExt, stream};
use services::Services;
use std::convert::Infallible;
use tokio_util::sync::CancellationToken;
use utoipa_axum::{router::OpenApiRouter, routes};
use wire::DocumentEvent;

pub(crate) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(events))
}

/// A stream of events: `hello` at first and whenever some may have been missed (look at everything
/// again), then `document` for every change, its data a `DocumentEvent`.
#[utoipa::path(get, path = "/api/events", tag = "events", responses(
    (status = 200, body = DocumentEvent, content_type = "text/event-stream"),
))]
async fn events(
    State(services): State<Services>,
    State(stopping): State<CancellationToken>,
    Called(caller): Called,
) -> Result<Sse<impl Stream<Item = Result<Event, Infallible>>>, ApiError> {
    let heard = services.events(&caller)?;
    let stream = stream::once(async { None })
        .chain(heard)
        .map(|event| Ok(event.map_or_else(hello, document)))
        .take_until(stopping.cancelled_owned());
    Ok(Sse::new(stream).keep_alive(KeepAlive::default()))
}

fn hello() -> Event {
    Event::default().event("hello").data("{}")
}

fn document(event: DocumentEvent) -> Event {
    Event::default()
        .event("document")
        .json_data(event)
        .unwrap_or_else(|_| hello())
}
