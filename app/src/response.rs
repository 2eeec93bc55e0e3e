//! What a page says about the response that carries it. In the browser there is none, so nothing
//! happens there.

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

/// Whether it makes sense to ask who is signed in: the server knows when nobody is, the browser has
/// to ask.
pub(crate) fn may_be_signed_in() -> bool {
    #[cfg(feature = "ssr")]
    return crate::server_context::is_signed_in();
    #[cfg(not(feature = "ssr"))]
    true
}

/// Handle and address as they were typed into a form that was refused. With scripts they still stand in
/// the form.
pub(crate) fn typed() -> (String, String) {
    #[cfg(feature = "ssr")]
    return crate::server_context::take_typed().unwrap_or_default();
    #[cfg(not(feature = "ssr"))]
    Default::default()
}

/// How large a file may be, where the server says so.
pub(crate) fn max_upload_bytes() -> Option<u64> {
    #[cfg(feature = "ssr")]
    return crate::server_context::max_upload_bytes();
    #[cfg(not(feature = "ssr"))]
    None
}
