//! Headers that every answer carries, errors included.

use crate::AppState;
use leptos::{nonce::use_nonce, prelude::use_context};
use leptos_axum::ResponseOptions;

use axum::{
    extract::{Request, State},
    http::{HeaderName, HeaderValue, header},
    middleware::Next,
    response::Response,
};

/// Set unless the handler said something else.
const DEFAULTS: [(HeaderName, &str); 4] = [
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::REFERRER_POLICY, "same-origin"),
    (header::X_FRAME_OPTIONS, "SAMEORIGIN"),
    (
        HeaderName::from_static("permissions-policy"),
        "camera=(), microphone=(), geolocation=()",
    ),
];

/// For answers that are no pages: nothing in them is run, loaded or framed, whatever a browser takes
/// them for.
const NO_PAGE_POLICY: &str = "default-src 'none'; frame-ancestors 'none'";

/// For a page that stands alone, without the app.
pub(crate) const LONE_PAGE_POLICY: &str =
    "default-src 'self'; object-src 'none'; base-uri 'none'; frame-ancestors 'self'";

/// For the pages that describe the API, which style themselves.
const DOCS_POLICY: &str = "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; object-src 'none'; base-uri 'none'; frame-ancestors 'none'";

/// How long a browser that came by https stays with it, in seconds: two years.
const STRICT_TRANSPORT: &str = "max-age=63072000";

/// Adds them; says whether people reach the vault by https alone.
pub(crate) async fn security(
    State(state): State<AppState>,
    request: Request,
    next: Next,
) -> Response {
    let path = request.uri().path();
    let policy = if path.starts_with("/api/docs") {
        DOCS_POLICY
    } else {
        NO_PAGE_POLICY
    };
    let is_answer = path.starts_with("/api/") || path.starts_with("/_fn/");
    let is_hashed = path.starts_with("/pkg/") && !path.starts_with("/pkg/snippets/");
    let mut response = next.run(request).await;
    if is_hashed && response.status().is_success() {
        // Its name changes with its content.
        response.headers_mut().insert(
            header::CACHE_CONTROL,
            HeaderValue::from_static("public, max-age=31536000, immutable"),
        );
    }
    if is_page(&response) || is_answer {
        // Who signed out does not want the next person to go back to what they saw.
        response
            .headers_mut()
            .entry(header::CACHE_CONTROL)
            .or_insert(HeaderValue::from_static("no-store"));
    }
    if state.public_url.starts_with("https:") {
        response.headers_mut().insert(
            header::STRICT_TRANSPORT_SECURITY,
            HeaderValue::from_static(STRICT_TRANSPORT),
        );
    }
    response
        .headers_mut()
        .entry(header::CONTENT_SECURITY_POLICY)
        .or_insert(HeaderValue::from_static(policy));
    for (name, value) in DEFAULTS {
        response
            .headers_mut()
            .entry(name)
            .or_insert(HeaderValue::from_static(value));
    }
    response
}

fn is_page(response: &Response) -> bool {
    response
        .headers()
        .get(header::CONTENT_TYPE)
        .is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"))
}

/// What a page may load: our own files, scripts that carry this answer's nonce, and colours of topics
/// in `style` attributes. Called while a page is rendered.
pub(crate) fn page_policy() {
    let (Some(nonce), Some(options)) = (use_nonce(), use_context::<ResponseOptions>()) else {
        return;
    };
    let policy = format!(
        "default-src 'self'; script-src 'self' 'nonce-{nonce}' 'wasm-unsafe-eval'; style-src 'self'; \
         style-src-attr 'unsafe-inline'; img-src 'self'; object-src 'none'; base-uri 'none'; \
         form-action 'self'; frame-src 'self'; frame-ancestors 'self'"
    );
    if let Ok(value) = HeaderValue::from_str(&policy) {
        options.insert_header(header::CONTENT_SECURITY_POLICY, value);
    }
}
