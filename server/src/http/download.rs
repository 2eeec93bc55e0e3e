//! A document's bytes as an HTTP answer: ranges (RFC 9110, 14), name and type, and nothing that a
//! browser could run on our origin.

use crate::problem::ApiError;
use axum::{
    body::Body,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Redirect, Response},
};
use services::Content;
use std::ops::Range;

/// A file shown in a frame may load nothing and be framed by nobody else.
const CONTENT_POLICY: &str = "default-src 'none'; img-src 'self'; object-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'self'";

/// Sends the browser to where it gets the bytes as a file to keep, or sends them from here where it
/// can't get them elsewhere.
pub(crate) async fn hand_over(
    content: Content<'_>,
    request: &HeaderMap,
) -> Result<Response, ApiError> {
    let disposition = disposition(content.filename.as_str(), true);
    let Some(address) = content.address(&disposition).await? else {
        return send(content, request, true).await;
    };
    let headers = [
        (header::CACHE_CONTROL, "no-store"),
        // The store has no need to know from which page somebody comes.
        (header::REFERRER_POLICY, "no-referrer"),
    ];
    Ok((headers, Redirect::temporary(&address)).into_response())
}

/// Sends the bytes that the request asks for.
pub(crate) async fn send(
    content: Content<'_>,
    request: &HeaderMap,
    attachment: bool,
) -> Result<Response, ApiError> {
    let asked = content
        .size_bytes
        .and_then(|size| Some((wanted(request, size)?, size)));
    let (status, range) = match asked {
        Some((Wanted::Part(range), _)) => (StatusCode::PARTIAL_CONTENT, Some(range)),
        Some((Wanted::Nothing, size)) => return Ok(not_satisfiable(size)),
        None => (StatusCode::OK, None),
    };
    let body = Body::from_stream(content.stream(range.clone()).await?);
    let mut response = (status, body).into_response();
    let headers = response.headers_mut();
    let mut set = |name, value: String| {
        if let Ok(value) = HeaderValue::from_str(&value) {
            headers.insert(name, value);
        }
    };
    set(header::CONTENT_TYPE, content.content_type.clone());
    set(
        header::CONTENT_DISPOSITION,
        disposition(content.filename.as_str(), attachment || !content.inline),
    );
    set(header::CONTENT_SECURITY_POLICY, CONTENT_POLICY.to_owned());
    set(header::CACHE_CONTROL, "private, no-cache".to_owned());
    if let Some(size) = content.size_bytes {
        set(header::ACCEPT_RANGES, "bytes".to_owned());
        let length = range.as_ref().map_or(size, |range| range.end - range.start);
        set(header::CONTENT_LENGTH, length.to_string());
        if let Some(range) = range {
            set(
                header::CONTENT_RANGE,
                format!("bytes {}-{}/{size}", range.start, range.end - 1),
            );
        }
    }
    Ok(response)
}

fn not_satisfiable(size: u64) -> Response {
    let mut response = StatusCode::RANGE_NOT_SATISFIABLE.into_response();
    if let Ok(value) = HeaderValue::from_str(&format!("bytes */{size}")) {
        response.headers_mut().insert(header::CONTENT_RANGE, value);
    }
    response
}

#[derive(Debug, PartialEq, Eq)]
enum Wanted {
    Part(Range<u64>),
    Nothing,
}

/// The one range that the request asks for; `None` for the whole: also for several ranges and for
/// what is not understood, as RFC 9110 allows.
fn wanted(request: &HeaderMap, size: u64) -> Option<Wanted> {
    let text = request
        .get(header::RANGE)?
        .to_str()
        .ok()?
        .strip_prefix("bytes=")?;
    let (first, last) = text.split_once('-')?;
    let range = match (first.trim(), last.trim()) {
        ("", "") => return None,
        ("", suffix) => size.saturating_sub(suffix.parse().ok()?)..size,
        (start, "") => start.parse().ok()?..size,
        (start, end) => {
            let (start, end): (u64, u64) = (start.parse().ok()?, end.parse().ok()?);
            if end < start {
                return None;
            }
            start..end.saturating_add(1).min(size)
        }
    };
    Some(if range.is_empty() {
        Wanted::Nothing
    } else {
        Wanted::Part(range)
    })
}

/// RFC 6266: a plain name for old clients, the true one in UTF-8 (RFC 8187).
fn disposition(name: &str, attachment: bool) -> String {
    let kind = if attachment { "attachment" } else { "inline" };
    let plain: String = name
        .chars()
        .map(|c| {
            if c.is_ascii_graphic() && !matches!(c, '"' | '\\' | '%') || c == ' ' {
                c
            } else {
                '_'
            }
        })
        .collect();
    let mut encoded = String::new();
    for byte in name.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            encoded.push_str(&format!("%{byte:02X}"));
        }
    }
    format!("{kind}; filename=\"{plain}\"; filename*=UTF-8''{encoded}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn asked(text: &str, size: u64) -> Option<Wanted> {
        let mut headers = HeaderMap::new();
        headers.insert(header::RANGE, HeaderValue::from_str(text).unwrap());
        wanted(&headers, size)
    }

    #[test]
    fn ranges_are_read_as_rfc_9110_says() {
        assert_eq!(asked("bytes=0-99", 1000), Some(Wanted::Part(0..100)));
        assert_eq!(asked("bytes=900-", 1000), Some(Wanted::Part(900..1000)));
        assert_eq!(asked("bytes=-10", 1000), Some(Wanted::Part(990..1000)));
        assert_eq!(asked("bytes=-5000", 1000), Some(Wanted::Part(0..1000)));
        assert_eq!(asked("bytes=990-5000", 1000), Some(Wanted::Part(990..1000)));
        assert_eq!(asked("bytes=1000-", 1000), Some(Wanted::Nothing));
        assert_eq!(asked("bytes=-0", 1000), Some(Wanted::Nothing));
        assert_eq!(asked("bytes=0-1,5-6", 1000), None);
        assert_eq!(asked("bytes=5-1", 1000), None);
        assert_eq!(asked("lines=1-2", 1000), None);
    }

    proptest! {
        #[test]
        fn a_range_never_leaves_the_file(text in "bytes=[0-9]{0,20}-[0-9]{0,20}", size in 0_u64..10_000) {
            if let Some(Wanted::Part(range)) = asked(&text, size) {
                prop_assert!(range.start < range.end && range.end <= size);
            }
        }

        #[test]
        fn a_disposition_is_always_a_header(name in "\\PC{1,60}") {
            prop_assert!(HeaderValue::from_str(&disposition(&name, true)).is_ok());
        }
    }

    #[test]
    fn a_name_can_not_break_out_of_its_quotes() {
        let text = disposition("a\"; filename=\"b.exe", true);
        assert_eq!(text.matches('"').count(), 2);
    }
}
