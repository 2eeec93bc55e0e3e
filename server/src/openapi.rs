//! The API's description, generated from the handlers and served at `/api/openapi.json`.

use utoipa::openapi::{InfoBuilder, OpenApi, OpenApiBuilder};

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

/// The whole description.
pub fn document() -> OpenApi {
    crate::router::api_routes().split_for_parts().1
}
