//! The API's description, generated from the handlers and served at `/api/openapi.json`.

use utoipa::openapi::{
    ContentBuilder, InfoBuilder, OpenApi, OpenApiBuilder, PathItem, Ref, Response, ResponseBuilder,
    path::Operation,
    security::{HttpAuthScheme, HttpBuilder, SecurityRequirement, SecurityScheme},
};

/// What the handlers' descriptions are added to.
pub(crate) fn base() -> OpenApi {
    OpenApiBuilder::new()
        .info(
            InfoBuilder::new()
                .title("DocuVault")
                .version("1")
                .description(Some(
                    "Documents, topics and settings of a vault. Errors are RFC 9457 problems whose `detail` is a sentence.",
                ))
                .build(),
        )
        .build()
}

/// Calls that nobody has to sign in for.
const OPEN: [&str; 11] = [
    "/api/auth/options",
    "/api/auth/setup",
    "/api/auth/register",
    "/api/auth/login",
    "/api/auth/second-factor",
    "/api/auth/refresh",
    "/api/auth/password-reset",
    "/api/auth/password-reset/confirm",
    "/api/auth/email-change/confirm",
    "/health",
    "/livez",
];

/// The whole description.
pub fn document() -> OpenApi {
    signed_in(crate::router::api_routes().split_for_parts().1)
}

/// Adds what all other calls have in common: a token is sent, and may be refused.
fn signed_in(mut api: OpenApi) -> OpenApi {
    let scheme = HttpBuilder::new()
        .scheme(HttpAuthScheme::Bearer)
        .description(Some(
            "An access token (`POST /api/auth/login`) or a personal token. A browser that signed in sends its cookies instead.",
        ))
        .build();
    api.components
        .get_or_insert_default()
        .add_security_scheme("bearer", SecurityScheme::Http(scheme));
    for (path, item) in &mut api.paths.paths {
        if OPEN.contains(&path.as_str()) {
            continue;
        }
        for operation in operations(item) {
            operation.security = Some(vec![SecurityRequirement::new("bearer", [""; 0])]);
            for (status, why) in [
                ("401", "Nobody signed in, or the token is no longer good"),
                (
                    "403",
                    "The token's scope or the account's role does not allow it",
                ),
            ] {
                let responses = &mut operation.responses.responses;
                responses
                    .entry(status.to_owned())
                    .or_insert_with(|| problem(why).into());
            }
        }
    }
    api
}

fn operations(item: &mut PathItem) -> impl Iterator<Item = &mut Operation> {
    [
        &mut item.get,
        &mut item.post,
        &mut item.put,
        &mut item.patch,
        &mut item.delete,
    ]
    .into_iter()
    .flatten()
}

fn problem(why: &str) -> Response {
    let schema = Ref::from_schema_name("Problem");
    ResponseBuilder::new()
        .description(why)
        .content(
            "application/problem+json",
            ContentBuilder::new().schema(Some(schema)).build(),
        )
        .build()
}
