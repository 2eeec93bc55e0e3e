//! What a page says about the response that carries it, and asks of the request. Pages are made on the
//! server only; for the browser's half there is neither.

use uuid::Uuid;

/// The form of a topic that was refused.
#[derive(Clone, Debug, Default)]
pub(crate) struct TypedTopic {
    /// The topic; none for a new one.
    pub(crate) of: Option<Uuid>,
    /// The name as it was typed. Nothing is known of what was typed where scripts keep it.
    pub(crate) name: String,
    /// The description as it was typed.
    pub(crate) description: String,
    /// The colour as it was chosen.
    pub(crate) color: String,
}

impl TypedTopic {
    /// Whether what was typed is known: there is always a colour.
    pub(crate) fn is_known(&self) -> bool {
        !self.color.is_empty()
    }
}

/// Gives the page its status, so that a missing document is a true 404.
pub(crate) fn set_status(status: u16) {
    #[cfg(feature = "ssr")]
    crate::server_context::set_status(status);
    #[cfg(not(feature = "ssr"))]
    let _ = status;
}

/// Gives the answer of a server function its status; does nothing while a page is rendered.
pub(crate) fn set_call_status(status: u16) {
    #[cfg(feature = "ssr")]
    crate::server_context::set_call_status(status);
    #[cfg(not(feature = "ssr"))]
    let _ = status;
}

/// Whether it makes sense to ask who is signed in.
pub(crate) fn may_be_signed_in() -> bool {
    #[cfg(feature = "ssr")]
    return crate::server_context::is_signed_in();
    #[cfg(not(feature = "ssr"))]
    true
}

/// Whether the page comes with the application: somebody is signed in, and it is a page for them.
pub(crate) fn has_application() -> bool {
    #[cfg(feature = "ssr")]
    return crate::server_context::has_application();
    #[cfg(not(feature = "ssr"))]
    true
}

/// How documents are shown, if the address does not say: as they were the last time. If it does, that is
/// kept for the next time.
pub(crate) fn kept_view(asked: Option<&str>) -> Option<String> {
    #[cfg(feature = "ssr")]
    return crate::server_context::kept_view(asked);
    #[cfg(not(feature = "ssr"))]
    asked.map(str::to_owned)
}

/// Handle and address as they were typed into a form that was refused.
pub(crate) fn typed() -> (String, String) {
    #[cfg(feature = "ssr")]
    return crate::server_context::take_typed().unwrap_or_default();
    #[cfg(not(feature = "ssr"))]
    Default::default()
}

/// The form of a topic that was refused, if one was.
pub(crate) fn typed_topic() -> Option<TypedTopic> {
    #[cfg(feature = "ssr")]
    return crate::server_context::take_typed_topic();
    #[cfg(not(feature = "ssr"))]
    None
}

/// How large a file may be, where the server says so.
pub(crate) fn max_upload_bytes() -> Option<u64> {
    #[cfg(feature = "ssr")]
    return crate::server_context::max_upload_bytes();
    #[cfg(not(feature = "ssr"))]
    None
}
