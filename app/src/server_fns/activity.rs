//! The log as people read it.

use crate::AppError;
use leptos::prelude::*;
use wire::Activity;

/// What the caller did and what was done to their account.
#[server(prefix = "/_fn", endpoint = "activity/own")]
pub(crate) async fn own_activity(
    kind: Option<String>,
    cursor: Option<String>,
) -> Result<Activity, AppError> {
    use crate::server_context::{context, fail};
    let (services, caller) = context()?;
    let query = wire::ActivityQuery {
        kind,
        cursor,
        per_page: None,
    };
    services.activity().own(&caller, &query).await.map_err(fail)
}

/// What everybody did, or one person.
#[server(prefix = "/_fn", endpoint = "activity/everybodys")]
pub(crate) async fn everybodys_activity(
    person: Option<String>,
    kind: Option<String>,
    cursor: Option<String>,
) -> Result<Activity, AppError> {
    use crate::server_context::{context, fail};
    let (services, caller) = context()?;
    let query = wire::EverybodysActivityQuery {
        person,
        kind,
        cursor,
        per_page: None,
    };
    let activity = services.activity();
    activity.everybodys(&caller, &query).await.map_err(fail)
}
