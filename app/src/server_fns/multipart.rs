//! Multipart bodies whose boundary is checked before it is relied upon.
//!
//! `server_fn`'s own encoding expects a boundary and panics without one, which a request can
//! reach; this one answers 415. It also hands the body to the form that uploads are read by.

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
        let boundary = request.to_content_type().as_deref().and_then(boundary);
        read_form(request, boundary.ok_or_else(not_multipart)?)
    }
}

#[cfg(feature = "ssr")]
fn read_form<Request>(request: Request, boundary: String) -> Result<UploadDocument, AppError>
where
    Request: Req<AppError> + Send + 'static,
{
    use futures::StreamExt;
    use server_fn::codec::MultipartData;
    let body = request
        .try_into_stream()?
        .map(|piece| piece.map_err(|_| std::io::Error::from(std::io::ErrorKind::UnexpectedEof)));
    Ok(MultipartData::Server(services::upload_form(body, boundary)).into())
}

/// Requests are read on the server only; the trait has to be there for the browser's half too.
#[cfg(not(feature = "ssr"))]
fn read_form<Request>(_: Request, _: String) -> Result<UploadDocument, AppError> {
    Err(not_multipart())
}

impl<Request> IntoReq<CheckedMultipart, Request, AppError> for UploadDocument
where
    Request: ClientReq<AppError, FormData = BrowserFormData>,
{
    fn into_req(self, path: &str, accepts: &str) -> Result<Request, AppError> {
        <Self as IntoReq<MultipartFormData, Request, AppError>>::into_req(self, path, accepts)
    }
}

fn boundary(content_type: &str) -> Option<String> {
    multer::parse_boundary(content_type).ok()
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
        assert_eq!(
            boundary("multipart/form-data; boundary=abc").as_deref(),
            Some("abc")
        );
        for refused in [
            "",
            "text/plain",
            "multipart/form-data",
            "multipart/mixed; boundary=abc",
        ] {
            assert_eq!(boundary(refused), None, "{refused}");
        }
    }
}
