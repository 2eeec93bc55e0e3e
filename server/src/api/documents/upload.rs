//! `POST /api/documents/upload`

use crate::{api::Answer, http::caller::Called};
use axum::{
    Json,
    body::Body,
    extract::State,
    http::{HeaderMap, header},
};
use domain::{Error, Kind};
use services::{Services, upload_form};
use wire::{Document, Problem};

/// The form of an upload.
#[derive(utoipa::ToSchema)]
#[allow(dead_code)]
pub(crate) struct UploadForm {
    /// The file.
    #[schema(value_type = String, format = Binary)]
    file: Vec<u8>,
    /// Whether to file it once it is read.
    #[schema(default = true)]
    auto_classify: Option<bool>,
}

/// Stores a file and schedules its reading. Answers at once, with `status` `pending`.
#[utoipa::path(post, path = "/api/documents/upload", tag = "documents",
    request_body(content = UploadForm, content_type = "multipart/form-data"), responses(
    (status = 200, body = Document),
    (status = 400, body = Problem, content_type = "application/problem+json", description = "The form is broken"),
    (status = 413, body = Problem, content_type = "application/problem+json", description = "The file is too large"),
    (status = 415, body = Problem, content_type = "application/problem+json", description = "This type of file is not accepted"),
    (status = 422, body = Problem, content_type = "application/problem+json"),
    (status = 503, body = Problem, content_type = "application/problem+json"),
))]
pub(crate) async fn upload(
    State(services): State<Services>,
    Called(caller): Called,
    headers: HeaderMap,
    body: Body,
) -> Answer<Document> {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
    let boundary = text(header::CONTENT_TYPE)
        .and_then(|kind| multer::parse_boundary(kind).ok())
        .ok_or_else(|| {
            Error::new(
                Kind::BadRequest,
                "not_a_form",
                "Send the file as `multipart/form-data`, in the field `file`.",
            )
        })?;
    let length = text(header::CONTENT_LENGTH).and_then(|length| length.parse().ok());
    let form = upload_form(body.into_data_stream(), boundary);
    Ok(Json(
        services
            .uploads()
            .from_form(&caller, form, length)
            .await?
            .into(),
    ))
}
