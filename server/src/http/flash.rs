//! The error of a form that was posted without JavaScript travels in the address, where anybody may
//! write one: it is shown only where our own page led.

use axum::{
    extract::Request,
    http::{HeaderMap, Uri, header},
};

/// What leptos puts before the error.
const MARK: &str = "__err=";

/// The address to show instead, when it holds an error that another site, or nobody, led to.
pub(crate) fn without_foreign(request: &Request) -> Option<String> {
    let uri = request.uri();
    let query = uri.query().filter(|query| query.contains(MARK))?;
    if is_ours(request.headers()) {
        return None;
    }
    Some(app::without_error(uri.path(), query))
}

/// Browsers say where a request comes from in `Sec-Fetch-Site`, but not to a vault without TLS: that
/// one is told the page's address, since our pages send it to nobody else (`Referrer-Policy`).
fn is_ours(headers: &HeaderMap) -> bool {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    if let Some(site) = text("sec-fetch-site") {
        return site == "same-origin";
    }
    let referer = text(header::REFERER.as_str()).and_then(|address| address.parse::<Uri>().ok());
    let from = referer.as_ref().and_then(|address| address.authority());
    from.map(|authority| authority.as_str()) == text(header::HOST.as_str()) && from.is_some()
}
