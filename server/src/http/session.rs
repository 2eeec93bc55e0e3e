//! Who calls: told by a token in the header, or by the cookies of a browser that signed in.
//!
//! A browser whose access token has ended but whose refresh token is good gets the next pair with the
//! answer to whatever it asked, with or without JavaScript.

use crate::{
    AppState,
    http::{address, body, headers::LONE_PAGE_POLICY, measure::RequestId},
    problem::ApiError,
};
use axum::{
    extract::{ConnectInfo, Request, State},
    http::{HeaderMap, HeaderValue, Method, header, request::Parts},
    middleware::Next,
    response::{IntoResponse, Response},
};
use domain::{Caller, Error, Kind};
use services::SignIns;
use std::net::SocketAddr;

/// How much of `User-Agent` is kept, in characters.
const MAX_DEVICE_CHARS: usize = 200;

/// What never asks who calls: files, and the probes that have to answer while PostgreSQL is away.
const FOR_EVERYBODY: [&str; 6] = [
    "/pkg/",
    "/health",
    "/livez",
    "/favicon",
    "/theme.js",
    "/page.js",
];

/// Gives every request its caller, and every answer the request's id.
pub(crate) async fn identify(
    State(state): State<AppState>,
    request: Request,
    next: Next,
) -> Response {
    let known = request.extensions().get::<RequestId>();
    let id = known.map(|id| id.0.clone()).unwrap_or_default();
    let (mut parts, body) = request.into_parts();
    let anonymous = stranger(&state, &parts, id.clone());
    let known = match body::arrived(parts.uri.path(), body).await {
        Ok(body) => caller(&state, &parts, &anonymous)
            .await
            .map(|(caller, cookies)| (body, caller, cookies)),
        Err(ApiError(error)) => Err(error),
    };
    let (mut response, cookies) = match known {
        Ok((body, caller, cookies)) => {
            parts.extensions.insert(caller);
            (next.run(Request::from_parts(parts, body)).await, cookies)
        }
        Err(error) => (refusal(&state, &parts, error), Vec::new()),
    };
    for cookie in cookies {
        // A handler that signs in or out has the last word.
        if !state.cookies.are_in(response.headers()) {
            add(&mut response, cookie);
        }
    }
    if let Ok(value) = HeaderValue::from_str(&id) {
        response.headers_mut().insert("x-request-id", value);
    }
    response
}

/// For people a page, for programs a problem.
fn refusal(state: &AppState, parts: &Parts, error: Error) -> Response {
    let path = parts.uri.path();
    let is_page = bearer(&parts.headers).is_none()
        && parts.method == Method::GET
        && !path.starts_with("/api/")
        && !path.starts_with("/_fn/");
    let mut response = ApiError(error.clone()).into_response();
    if is_page {
        response.headers_mut().insert(
            header::CONTENT_TYPE,
            HeaderValue::from_static("text/html; charset=utf-8"),
        );
        response.headers_mut().insert(
            header::CONTENT_SECURITY_POLICY,
            HeaderValue::from_static(LONE_PAGE_POLICY),
        );
        response.headers_mut().remove(header::CONTENT_LENGTH);
        *response.body_mut() = app::lone_page(&state.leptos_options, error.into()).into();
    }
    response
}

fn add(response: &mut Response, cookies: [HeaderValue; 2]) {
    for cookie in cookies {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
}

fn stranger(state: &AppState, parts: &Parts, id: String) -> Caller {
    let peer = parts
        .extensions
        .get::<ConnectInfo<SocketAddr>>()
        .map(|ConnectInfo(peer)| peer.ip());
    let device = parts
        .headers
        .get(header::USER_AGENT)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    Caller {
        address: peer.map(|peer| address::of_client(peer, &parts.headers, &state.trusted_proxies)),
        device: device.chars().take(MAX_DEVICE_CHARS).collect(),
        ..Caller::anonymous(id)
    }
}

/// The caller, and the cookies to send back.
async fn caller(
    state: &AppState,
    parts: &Parts,
    anonymous: &Caller,
) -> Result<(Caller, Vec<[HeaderValue; 2]>), Error> {
    let path = parts.uri.path();
    if FOR_EVERYBODY.iter().any(|prefix| path.starts_with(prefix)) {
        return Ok((anonymous.clone(), Vec::new()));
    }
    let sign_ins = state.services.sign_ins();
    if let Some(token) = bearer(&parts.headers) {
        let identity = sign_ins.identify(anonymous, token).await?;
        return Ok((anonymous.signed_in(identity), Vec::new()));
    }
    of_browser(state, &sign_ins, parts, anonymous).await
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

async fn of_browser(
    state: &AppState,
    sign_ins: &SignIns<'_>,
    parts: &Parts,
    anonymous: &Caller,
) -> Result<(Caller, Vec<[HeaderValue; 2]>), Error> {
    let presented = state.cookies.read(&parts.headers);
    if let Some(token) = &presented.access {
        match sign_ins.identify(anonymous, token).await {
            Ok(identity) => return Ok((anonymous.signed_in(identity), Vec::new())),
            Err(error) if error.kind == Kind::Unauthenticated => {}
            Err(error) => return Err(error),
        }
    }
    let Some(token) = &presented.refresh else {
        return Ok((anonymous.clone(), Vec::new()));
    };
    if app::is_upload(parts.uri.path()) {
        // Its answer, with the next pair, comes when the last byte has: too late for what the browser
        // asks meanwhile. The next request renews.
        return match sign_ins.identify_by_refresh(anonymous, token).await {
            Ok(identity) => Ok((anonymous.signed_in(identity), Vec::new())),
            Err(error) if error.kind == Kind::Unauthenticated => {
                Ok((anonymous.clone(), vec![state.cookies.clear()]))
            }
            Err(error) => Err(error),
        };
    }
    match sign_ins.refresh(anonymous, token).await {
        Ok(next) => {
            let caller = anonymous.signed_in(next.identity);
            Ok((caller, vec![state.cookies.set(&next)]))
        }
        Err(error) if matches!(error.kind, Kind::Unauthenticated | Kind::RateLimited) => {
            Ok((anonymous.clone(), vec![state.cookies.clear()]))
        }
        Err(error) => Err(error),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn any_authorization_is_a_bearer_or_none(value in "([Bb]earer|BEARER|Basic|[a-zA-Z ]{0,9}) {0,2}[\\x20-\\x7e]{0,60}", bytes: Vec<u8>) {
            let mut headers = HeaderMap::new();
            headers.insert(header::AUTHORIZATION, HeaderValue::from_str(&value).unwrap());
            let found = bearer(&headers);
            let is_bearer = value.get(..7).is_some_and(|start| start.eq_ignore_ascii_case("bearer "));
            prop_assert_eq!(found, is_bearer.then(|| value[7..].trim()));
            if let Ok(any) = HeaderValue::from_bytes(&bytes) {
                headers.insert(header::AUTHORIZATION, any);
                bearer(&headers);
            }
        }
    }
}
