//! What server functions and pages take from the request, on the server. The one module that
//! knows the services.

use crate::AppError;
use domain::Caller;
use http::{Method, StatusCode, header, request::Parts};
use leptos::prelude::use_context;
use leptos_axum::ResponseOptions;
use services::Services;

/// The services, and who is asking.
///
/// # Errors
/// `internal` when the server did not provide them, which is a mistake in its composition.
pub(crate) fn context() -> Result<(Services, Caller), AppError> {
    use_context::<Services>()
        .zip(use_context::<Caller>())
        .ok_or_else(|| fail(domain::Error::internal()))
}

/// Turns a service's error into the answer, its status included.
pub(crate) fn fail(error: domain::Error) -> AppError {
    let error = AppError::from(error);
    set_status(error.status);
    error
}

/// Sets the response's status.
///
/// Not for a form posted without JavaScript: leptos answers that with a redirect back to the page,
/// and a status set here would replace the 302.
pub(crate) fn set_status(status: u16) {
    let Some(options) = use_context::<ResponseOptions>() else {
        return;
    };
    let plain_form =
        use_context::<Parts>().is_some_and(|parts| is_post(&parts) && accepts_html(&parts));
    if let (false, Ok(status)) = (plain_form, StatusCode::from_u16(status)) {
        options.set_status(status);
    }
}

/// Sets the status of a server function's answer.
pub(crate) fn set_call_status(status: u16) {
    if use_context::<Parts>().is_some_and(|parts| is_post(&parts)) {
        set_status(status);
    }
}

/// How long the body says it is.
pub(crate) fn content_length() -> Option<u64> {
    let parts = use_context::<Parts>()?;
    parts
        .headers
        .get(header::CONTENT_LENGTH)?
        .to_str()
        .ok()?
        .parse()
        .ok()
}

/// How large a file may be.
pub(crate) fn max_upload_bytes() -> Option<u64> {
    use_context::<Services>().map(|services| services.limits().max_upload_bytes)
}

/// Sends the browser to another page once the server function is done, with or without JavaScript.
pub(crate) fn go_to(path: &'static str) {
    leptos_axum::redirect(path);
}

fn is_post(parts: &Parts) -> bool {
    parts.method == Method::POST
}

fn accepts_html(parts: &Parts) -> bool {
    parts
        .headers
        .get(header::ACCEPT)
        .and_then(|accept| accept.to_str().ok())
        .is_some_and(|a| a.contains("text/html"))
}
