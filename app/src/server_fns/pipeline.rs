//! The background work: one's own, and for admins everybody's.

use crate::AppError;
use leptos::prelude::*;
use uuid::Uuid;
use wire::Pipeline;

/// What waits, runs and failed of the caller's documents.
#[server(prefix = "/_fn", endpoint = "pipeline/own")]
pub(crate) async fn own_pipeline() -> Result<Pipeline, AppError> {
    use crate::server_context::{context, fail};
    let (services, caller) = context()?;
    services.pipeline().own(&caller).await.map_err(fail)
}

/// Has everything of the caller's that failed tried again.
#[server(prefix = "/_fn", endpoint = "pipeline/retry_own")]
pub(crate) async fn retry_own_failures() -> Result<(), AppError> {
    use crate::server_context::{context, fail, go_to};
    let (services, caller) = context()?;
    services.pipeline().retry_own(&caller).await.map_err(fail)?;
    go_to("/pipeline?done=all");
    Ok(())
}

/// What waits, runs and failed of everybody's documents.
#[server(prefix = "/_fn", endpoint = "pipeline/whole")]
pub(crate) async fn whole_pipeline() -> Result<Pipeline, AppError> {
    use crate::server_context::{context, fail};
    let (services, caller) = context()?;
    services.pipeline().whole(&caller).await.map_err(fail)
}

/// Has everything that failed tried again, whoever's it is.
#[server(prefix = "/_fn", endpoint = "pipeline/retry_all")]
pub(crate) async fn retry_all_failures() -> Result<(), AppError> {
    use crate::server_context::{context, fail, go_to};
    let (services, caller) = context()?;
    services.pipeline().retry_all(&caller).await.map_err(fail)?;
    go_to("/admin/pipeline?done=all");
    Ok(())
}

/// Has a document that failed tried again, whoever's it is.
#[server(prefix = "/_fn", endpoint = "pipeline/retry")]
pub(crate) async fn retry_failure(id: Uuid) -> Result<(), AppError> {
    use crate::server_context::{context, fail, go_to};
    let (services, caller) = context()?;
    let retried = services.pipeline().retry(&caller, id.into()).await;
    retried.map_err(fail)?;
    go_to("/admin/pipeline?done=one");
    Ok(())
}
