//! The look whether every document's bytes are in the store, for admins.

use crate::AppError;
use leptos::prelude::*;
use wire::ScrubReport;

/// The last look, and what it found.
#[server(prefix = "/_fn", endpoint = "admin/scrub")]
pub(crate) async fn get_scrub() -> Result<ScrubReport, AppError> {
    use crate::server_context::{context, fail};
    let (services, caller) = context()?;
    services.scrubbing().report(&caller).await.map_err(fail)
}

/// Has a worker look now.
#[server(prefix = "/_fn", endpoint = "admin/scrub_now")]
pub(crate) async fn scrub_now() -> Result<(), AppError> {
    use crate::server_context::{context, fail, go_to};
    let (services, caller) = context()?;
    let begun = services.scrubbing().request(&caller).await;
    begun.map_err(fail)?;
    go_to("/admin/store");
    Ok(())
}
