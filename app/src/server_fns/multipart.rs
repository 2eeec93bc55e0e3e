//! Multipart bodies whose boundary is checked before it is relied upon.
//!
//! `server_fn`'s own encoding expects a boundary and panics without one, which a request can
//! reach; this one answers 415.

use super::documents::UploadDocument;
use crate::AppError;
use server_fn::{
    ContentType,
    codec::{Encoding, FromReq, IntoReq, MultipartFormData},
    request::{ClientReq, Req, browser::BrowserFormData},
};

/// `multipart/form-data`, refused when it names no boundary.
pub(crate) struct CheckedMultipart;

impl ContentType for CheckedMultipart {
    const CONTENT_TYPE: &'static str = MultipartFormData::CONTENT_TYPE;
}

impl Encoding for CheckedMultipart {
    const METHOD: http::Method = MultipartFormData::METHOD;
}

impl<Request> FromReq<CheckedMultipart, Request, AppError> for UploadDocument
where
    Request: Req<AppError> + Send + 'static,
{
    async fn from_req(request: Request) -> Result<Self, AppError> {
        if !request
            .to_content_type()
            .is_some_and(|value| has_boundary(&value))
        {
            return Err(not_multipart());
        }
        <Self as FromReq<MultipartFormData, Request, AppError>>::from_req(request).await
    }
}

impl<Request> IntoReq<CheckedMultipart, Request, AppError> for UploadDocument
where
    Request: ClientReq<AppError, FormData = BrowserFormData>,
{
    fn into_req(self, path: &str, accepts: &str) -> Result<Request, AppError> {
        <Self as IntoReq<MultipartFormData, Request, AppError>>::into_req(self, path, accepts)
    }
}

fn has_boundary(content_type: &str) -> bool {
    multer::parse_boundary(content_type).is_ok()
}

fn not_multipart() -> AppError {
    let error = AppError::new(
        415,
        "not_multipart",
        "The file did not come as a form. Choose it on the Documents page.",
    );
    crate::response::set_call_status(error.status);
    error
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_body_without_a_boundary_is_refused_before_it_is_read() {
        assert!(has_boundary("multipart/form-data; boundary=abc"));
        for refused in [
            "",
            "text/plain",
            "multipart/form-data",
            "multipart/mixed; boundary=abc",
        ] {
            assert!(!has_boundary(refused), "{refused}");
        }
    }
}
