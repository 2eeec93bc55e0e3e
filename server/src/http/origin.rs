//! Which other web apps may call: CORS for those that are configured, and nobody else's unsafe requests.

use crate::problem;
use anyhow::{Context, Result};
use axum::{
    body::Body,
    http::{HeaderValue, Method, Response, header},
};
use std::time::Duration;
use tower_http::{
    cors::{AllowOrigin, CorsLayer},
    csrf::{CsrfLayer, ProtectionError},
};

/// How long a browser may remember what it was allowed.
const MAX_AGE: Duration = Duration::from_secs(3600);

/// Lets the configured origins call the JSON API, with their cookies.
pub(crate) fn cors(origins: &[String]) -> Result<CorsLayer> {
    let origins: Vec<HeaderValue> = origins
        .iter()
        .map(|origin| origin.parse().context("CORS_ORIGINS"))
        .collect::<Result<_>>()?;
    Ok(CorsLayer::new()
        .allow_origin(AllowOrigin::list(origins))
        .allow_methods([
            Method::GET,
            Method::POST,
            Method::PUT,
            Method::PATCH,
            Method::DELETE,
        ])
        .allow_headers([header::CONTENT_TYPE, header::ACCEPT, header::AUTHORIZATION])
        .expose_headers([header::CONTENT_DISPOSITION])
        .allow_credentials(true)
        .max_age(MAX_AGE))
}

type Refusal = fn(ProtectionError) -> Response<Body>;

/// Refuses unsafe requests that another site made the browser send (Sec-Fetch-Site, else Origin).
pub(crate) fn csrf(public_url: &str, origins: &[String]) -> Result<CsrfLayer<Refusal>> {
    let public = public_url.trim_end_matches('/');
    let mut layer = CsrfLayer::new()
        .add_trusted_origin(public)
        .context("PUBLIC_URL has a path or is no origin")?;
    for origin in origins {
        layer = layer.add_trusted_origin(origin).context("CORS_ORIGINS")?;
    }
    let refusal: Refusal = |_| problem::cross_site();
    Ok(layer.with_rejection_response(refusal))
}
