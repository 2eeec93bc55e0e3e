//! Server-sent events: `GET /api/events`.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// A document changed. Sent as the event `document`; a page that shows it asks for its new state.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct DocumentEvent {
    /// Which document.
    pub id: Uuid,
    /// Its status now; `deleted` when it is gone.
    pub status: String,
    /// Its stage now, while it is being processed.
    pub stage: Option<String>,
}
