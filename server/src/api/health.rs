//! Probes: whether the vault can work, and whether the process lives.

use crate::AppState;
use axum::{Json, extract::State, http::StatusCode};
use services::Services;
use utoipa_axum::{router::OpenApiRouter, routes};
use wire::{Health, HealthStatus};

pub(crate) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(health))
        .routes(routes!(livez))
}

/// Whether PostgreSQL, the object store and Redis answer.
#[utoipa::path(get, path = "/health", tag = "health", responses(
    (status = 200, body = Health, description = "Every part answers"),
    (status = 503, body = Health, description = "Some part does not"),
))]
async fn health(State(services): State<Services>) -> (StatusCode, Json<Health>) {
    let health = services.health().check().await;
    let status = match health.status {
        HealthStatus::Ok => StatusCode::OK,
        HealthStatus::Degraded => StatusCode::SERVICE_UNAVAILABLE,
    };
    (status, Json(health))
}

/// Whether the process lives, whatever its parts do.
#[utoipa::path(get, path = "/livez", tag = "health", responses((status = 200, body = String, content_type = "text/plain")))]
async fn livez() -> &'static str {
    "ok"
}
