//! What server functions and pages take from the request, on the server. The one module that
//! knows the services.

use crate::{AppError, SessionCookies, sign_in::HOME};
use domain::Caller;
use http::{HeaderValue, Method, StatusCode, header, request::Parts};
use leptos::prelude::use_context;
use leptos_axum::ResponseOptions;
use services::{Services, SignedIn};

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
    let wait = error.retry_after;
    let error = AppError::from(error);
    set_status(error.status);
    if let Some((options, seconds)) = use_context::<ResponseOptions>().zip(wait) {
        options.insert_header(header::RETRY_AFTER, HeaderValue::from(seconds));
    }
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
    if let (false, Ok(status)) = (is_plain_form(), StatusCode::from_u16(status)) {
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
pub(crate) fn go_to(path: &str) {
    // leptos panics where a header can't hold the path.
    if HeaderValue::from_str(path).is_ok() {
        leptos_axum::redirect(path);
    }
}

/// Whether somebody is signed in.
pub(crate) fn is_signed_in() -> bool {
    use_context::<Caller>().is_some_and(|caller| caller.identity().is_some())
}

/// Gives the browser its session.
///
/// # Errors
/// `internal` when the server did not provide the cookies, which is a mistake in its composition.
pub(crate) fn sign_in_browser(signed_in: &SignedIn) -> Result<(), AppError> {
    set_cookies(cookies()?.set(signed_in));
    Ok(())
}

/// Takes the browser its session, and what the next person there must not see.
///
/// # Errors
/// See [`sign_in_browser`].
pub(crate) fn sign_out_browser() -> Result<(), AppError> {
    let cookies = cookies()?;
    set_cookies(cookies.clear());
    set_cookies([cookies.forget_handed_over()]);
    Ok(())
}

/// Signs somebody in who has just made this account, and says where to go. The account stands,
/// whatever comes of signing in: if nothing does, they do it by hand.
pub(crate) async fn enter(
    services: &Services,
    caller: &Caller,
    account: wire::NewAccount,
) -> &'static str {
    let given = wire::LogIn {
        login: account.handle,
        password: account.password,
    };
    match services.sign_ins().log_in(caller, &given).await {
        Ok(signed_in) if sign_in_browser(&signed_in).is_ok() => HOME,
        _ => "/login",
    }
}

/// Keeps a new API token for the page that follows a form posted without JavaScript. Scripts have it
/// in the answer.
pub(crate) fn hand_over_token(token: &str) {
    if let (true, Ok(cookies)) = (is_plain_form(), cookies()) {
        set_cookies([cookies.hand_over(token)]);
    }
}

/// The API token that was kept; from now on it is not.
pub(crate) fn take_handed_over_token() -> Option<String> {
    let (cookies, parts) = use_context::<SessionCookies>().zip(use_context::<Parts>())?;
    let token = cookies.handed_over(&parts.headers)?;
    set_cookies([cookies.forget_handed_over()]);
    Some(token)
}

fn cookies() -> Result<SessionCookies, AppError> {
    use_context::<SessionCookies>().ok_or_else(|| fail(domain::Error::internal()))
}

fn set_cookies(cookies: impl IntoIterator<Item = HeaderValue>) {
    if let Some(options) = use_context::<ResponseOptions>() {
        for cookie in cookies {
            options.append_header(header::SET_COOKIE, cookie);
        }
    }
}

fn is_plain_form() -> bool {
    use_context::<Parts>().is_some_and(|parts| is_post(&parts) && accepts_html(&parts))
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
