//! The UI's files.

use axum::{
    body::Body,
    extract::Request,
    http::{HeaderMap, StatusCode, header::ACCEPT_ENCODING},
    response::Response,
};
use tower_http::services::ServeDir;

/// The file that is asked for, if there is such a one.
///
/// Not through leptos: for a file it looks for headers in whatever page the same thread is rendering at
/// that moment, adds them to the file, and takes them away from the page: its policy, and its cookies.
pub(crate) async fn file(root: &str, path: &str, headers: &HeaderMap) -> Option<Response> {
    let mut asked = Request::get(path);
    if let Some(encodings) = headers.get(ACCEPT_ENCODING) {
        asked = asked.header(ACCEPT_ENCODING, encodings);
    }
    let found = ServeDir::new(root)
        .precompressed_gzip()
        .precompressed_br()
        .try_call(asked.body(Body::empty()).ok()?)
        .await
        .ok()?;
    (found.status() == StatusCode::OK).then(|| found.map(Body::new))
}
