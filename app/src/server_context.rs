//! What server functions and pages take from the request, on the server. The one module that
//! knows the services.

use crate::{
    AppError, SessionCookies,
    response::TypedTopic,
    session_cookies::Kept,
    sign_in::{HOME, is_open_page},
};
use domain::Caller;
use http::{HeaderValue, Method, StatusCode, header, request::Parts};
use leptos::prelude::use_context;
use leptos_axum::ResponseOptions;
use leptos_router::location::Url;
use services::{LoginStep, Services, SignedIn};
use uuid::Uuid;

/// What is kept of a refused topic at most: browsers take cookies of 4 KiB.
const MOST_TYPED: usize = 3_500;

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
    telemetry::metrics::error(error.kind.as_str());
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

/// Whether the page that is asked for comes with the application.
pub(crate) fn has_application() -> bool {
    let open = |parts: Parts| is_open_page(parts.uri.path());
    is_signed_in() && !use_context::<Parts>().is_some_and(open)
}

/// How documents were shown the last time, unless `asked` says how to show them now and from now on.
pub(crate) fn kept_view(asked: Option<&str>) -> Option<String> {
    if let Some(asked) = asked {
        keep(Kept::View, asked);
        return Some(asked.to_owned());
    }
    kept(Kept::View)
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
    set_cookies(Kept::ALL.map(|what| cookies.forget(what)));
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
        Ok(LoginStep::SignedIn(signed_in)) if sign_in_browser(&signed_in).is_ok() => HOME,
        _ => "/login",
    }
}

/// Keeps a new API token for the page that follows a form posted without JavaScript. Scripts have it
/// in the answer.
pub(crate) fn hand_over_token(token: &str) {
    if is_plain_form() {
        keep(Kept::NewToken, token);
    }
}

/// Has the browser keep something for its next pages.
pub(crate) fn keep(what: Kept, value: &str) {
    if let Ok(cookies) = cookies() {
        set_cookies([cookies.keep(what, value)]);
    }
}

/// What the browser kept.
pub(crate) fn kept(what: Kept) -> Option<String> {
    let (cookies, parts) = use_context::<SessionCookies>().zip(use_context::<Parts>())?;
    cookies.kept(what, &parts.headers)
}

/// Has the browser forget it.
pub(crate) fn forget(what: Kept) {
    if let Ok(cookies) = cookies() {
        set_cookies([cookies.forget(what)]);
    }
}

/// What the browser kept; from now on it does not.
pub(crate) fn take_kept(what: Kept) -> Option<String> {
    let value = kept(what)?;
    forget(what);
    Some(value)
}

/// Keeps what was typed into a form that was refused and posted without JavaScript, for the page that
/// shows the form again: a handle, or what stands for one, and an address. Never the password.
pub(crate) fn keep_typed(handle: &str, email: &str) {
    let value = [handle, email].map(Url::escape);
    // More than that is neither a handle nor an address.
    if is_plain_form() && value.iter().all(|text| text.len() <= 1000) {
        keep(Kept::Typed, &value.join("&"));
    }
}

/// The handle and address that were kept; from now on they are not.
pub(crate) fn take_typed() -> Option<(String, String)> {
    let value = take_kept(Kept::Typed)?;
    let (handle, email) = value.split_once('&')?;
    Some((Url::unescape(handle), Url::unescape(email)))
}

/// Keeps which topic's form was refused, and what was typed into it: without scripts nobody else does.
/// A description that is too long for a cookie is left out.
pub(crate) fn keep_typed_topic(of: Option<Uuid>, name: &str, description: &str, color: &str) {
    if !is_plain_form() {
        return;
    }
    let of = of.map(|id| id.to_string()).unwrap_or_default();
    let mut typed = match is_fetched() {
        true => Default::default(),
        false => [name, description, color].map(Url::escape),
    };
    if typed.iter().map(String::len).sum::<usize>() > MOST_TYPED {
        typed[1].clear();
    }
    keep(Kept::TypedTopic, &format!("{of}&{}", typed.join("&")));
}

/// The topic's form that was kept; from now on it is not.
pub(crate) fn take_typed_topic() -> Option<TypedTopic> {
    let value = take_kept(Kept::TypedTopic)?;
    let mut parts = value.split('&');
    let of = parts.next()?.parse().ok();
    let mut text = || parts.next().map(Url::unescape);
    Some(TypedTopic {
        of,
        name: text()?,
        description: text()?,
        color: text()?,
    })
}

/// The token of a sign-in that waits for its second factor, if that is what is asked for. One that is
/// over is no token; it must not become a sign-in without a password.
pub(crate) fn pending_sign_in(second_factor: bool) -> Option<String> {
    second_factor.then(|| kept(Kept::PendingSignIn).unwrap_or_default())
}

/// Keeps new recovery codes for the page that shows them once, and says where that is; `else_to`, when
/// none were made.
pub(crate) fn keep_recovery_codes(
    codes: &wire::RecoveryCodes,
    else_to: &'static str,
) -> &'static str {
    if codes.recovery_codes.is_empty() {
        return else_to;
    }
    keep(Kept::RecoveryCodes, &codes.recovery_codes.join("."));
    "/account/recovery-codes"
}

/// The recovery codes that were kept; from now on they are not.
pub(crate) fn take_recovery_codes() -> wire::RecoveryCodes {
    let kept = take_kept(Kept::RecoveryCodes).unwrap_or_default();
    wire::RecoveryCodes {
        recovery_codes: kept
            .split('.')
            .filter(|code| !code.is_empty())
            .map(str::to_owned)
            .collect(),
    }
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

/// Whether a script posted the form in the browser's stead. Browsers say so where they trust the way.
fn is_fetched() -> bool {
    use_context::<Parts>().is_some_and(|parts| {
        let dest = parts.headers.get("sec-fetch-dest");
        dest.is_some_and(|dest| dest == "empty")
    })
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
