//! `POST /api/auth/login`

use super::signed_in;
use crate::{http::caller::Called, http::input::Body, problem::ApiError};
use axum::{
    Json,
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use services::{LoginStep, Services};
use wire::{LogIn, Problem, SecondFactorWanted, SignedIn};

/// Signs in; or begins to, when the account asks for a second factor.
#[utoipa::path(post, path = "/api/auth/login", tag = "accounts",
    request_body = LogIn, responses(
    (status = 200, body = SignedIn),
    (status = 202, body = SecondFactorWanted, description = "The password was right; go on with `POST /api/auth/second-factor`"),
    (status = 400, body = Problem, content_type = "application/problem+json"),
    (status = 401, body = Problem, content_type = "application/problem+json", description = "Name and password do not go together"),
    (status = 413, body = Problem, content_type = "application/problem+json"),
    (status = 422, body = Problem, content_type = "application/problem+json"),
    (status = 429, body = Problem, content_type = "application/problem+json", description = "Too many tries; `Retry-After` says how long to wait"),
    (status = 503, body = Problem, content_type = "application/problem+json"),
))]
pub(crate) async fn log_in(
    State(services): State<Services>,
    Called(caller): Called,
    Body(given): Body<LogIn>,
) -> Result<Response, ApiError> {
    let answer = match services.sign_ins().log_in(&caller, &given).await? {
        LoginStep::SignedIn(session) => Json(signed_in(&services, session)).into_response(),
        LoginStep::SecondFactor(wanted) => {
            let wanted = second_factor_wanted(&services, &wanted);
            (StatusCode::ACCEPTED, Json(wanted)).into_response()
        }
    };
    Ok(answer)
}

fn second_factor_wanted(
    services: &Services,
    wanted: &services::SecondFactorWanted,
) -> SecondFactorWanted {
    SecondFactorWanted {
        token: wanted.token.expose().to_owned(),
        expires_in: services.sign_ins().seconds_until(wanted.expires_at),
        methods: wanted
            .methods
            .iter()
            .map(|&method| method.to_owned())
            .collect(),
    }
}
