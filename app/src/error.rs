//! The one error that a server function answers with, and the one map from an error's kind to a
//! status.

use leptos::server_fn::{
    Bytes, Decodes,
    codec::JsonEncoding,
    error::{FromServerFnError, ServerFnErrorErr},
};
use serde::{Deserialize, Serialize};
use std::fmt;

/// What a server function answers with when it could not do what it was asked.
///
/// It travels in the body for scripts and, base64-coded, in the address for plain forms: nothing
/// secret may stand in it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AppError {
    /// The HTTP status; 0 when no answer came at all.
    pub status: u16,
    /// Stable, for programs.
    pub code: String,
    /// A sentence for people: what happened, then what to do.
    pub detail: String,
    /// The fields that were refused.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<FieldMessage>,
}

/// One field that was refused.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldMessage {
    /// The field's name in the form.
    pub field: String,
    /// A sentence that says what to do.
    pub message: String,
}

impl AppError {
    /// An error without refused fields.
    pub fn new(status: u16, code: &str, detail: impl Into<String>) -> Self {
        Self {
            status,
            code: code.to_owned(),
            detail: detail.into(),
            fields: Vec::new(),
        }
    }

    /// There is no such page or thing.
    pub(crate) fn not_found() -> Self {
        Self::new(
            404,
            "not_found",
            "There is nothing here. It may have been deleted, or the address has a typing error.",
        )
    }

    /// Whether nobody is signed in (any more). A wrong password is not that.
    pub(crate) fn is_signed_out(&self) -> bool {
        self.status == 401 && self.code == "unauthenticated"
    }

    /// No answer came.
    pub(crate) fn offline() -> Self {
        Self::new(
            0,
            "offline",
            "The vault did not answer. Check the connection and try again.",
        )
    }
}

impl fmt::Display for AppError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.detail)
    }
}

impl std::error::Error for AppError {}

impl From<domain::Error> for AppError {
    fn from(error: domain::Error) -> Self {
        let fields = error
            .fields
            .into_iter()
            .map(|field| FieldMessage {
                field: field.field.to_owned(),
                message: field.message,
            })
            .collect();
        Self {
            status: http_status(error.kind),
            code: error.code.to_owned(),
            detail: error.detail,
            fields,
        }
    }
}

impl FromServerFnError for AppError {
    type Encoder = JsonEncoding;

    fn from_server_fn_error(error: ServerFnErrorErr) -> Self {
        let error = match error {
            ServerFnErrorErr::Request(_) => Self::offline(),
            ServerFnErrorErr::Args(_)
            | ServerFnErrorErr::MissingArg(_)
            | ServerFnErrorErr::Deserialization(_) => Self::new(
                400,
                "bad_request",
                "The request could not be understood. Reload the page and try again.",
            ),
            _ => domain::Error::internal().into(),
        };
        // leptos answers 500 for a call that it could not decode; the body never runs.
        crate::response::set_call_status(error.status);
        error
    }

    /// What every failed call of a browser comes through: when the session has ended, the way leads
    /// to the page to sign in on.
    fn de(data: Bytes) -> Self {
        let error = <Self::Encoder as Decodes<Self>>::decode(data).unwrap_or_else(|error| {
            Self::from_server_fn_error(ServerFnErrorErr::Deserialization(error.to_string()))
        });
        if error.is_signed_out() {
            crate::sign_in::lead_there();
        }
        error
    }
}

/// The HTTP status of an error of that kind.
pub fn http_status(kind: domain::Kind) -> u16 {
    match kind {
        domain::Kind::BadRequest => 400,
        domain::Kind::Unauthenticated => 401,
        domain::Kind::Forbidden => 403,
        domain::Kind::NotFound => 404,
        domain::Kind::Conflict => 409,
        domain::Kind::TooLarge | domain::Kind::QuotaExceeded => 413,
        domain::Kind::UnsupportedType => 415,
        domain::Kind::Invalid => 422,
        domain::Kind::RateLimited => 429,
        domain::Kind::Internal => 500,
        domain::Kind::Unavailable => 503,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_domain_error_keeps_its_code_sentence_and_fields() {
        let error = AppError::from(domain::Error::invalid("name", "Give the topic a name."));
        assert_eq!((error.status, error.code.as_str()), (422, "invalid"));
        assert_eq!(error.detail, "Give the topic a name.");
        assert_eq!(
            error.fields,
            [FieldMessage {
                field: "name".into(),
                message: "Give the topic a name.".into()
            }]
        );
    }

    #[test]
    fn it_survives_the_way_through_an_address() {
        use leptos::server_fn::error::ServerFnUrlError;
        let sent = AppError::new(
            409,
            "topic_name_taken",
            "There is a topic “Häuser” already.",
        );
        let url = ServerFnUrlError::new("/_fn/topics/create", sent.clone())
            .to_url("http://vault.test/topics")
            .unwrap();
        let (_, err) = url.query_pairs().find(|(key, _)| key == "__err").unwrap();
        assert_eq!(ServerFnUrlError::<AppError>::decode_err(&err), sent);
    }

    #[test]
    fn a_call_that_cannot_be_decoded_is_the_callers_fault() {
        let error =
            AppError::from_server_fn_error(ServerFnErrorErr::Args("missing field `id`".into()));
        assert_eq!(error.status, 400);
        assert!(!error.detail.contains("id`"), "{}", error.detail);
    }

    #[test]
    fn what_was_typed_does_not_get_into_the_address() {
        let typed = "correct horse".to_owned();
        for error in [
            ServerFnErrorErr::Args(typed.clone()),
            ServerFnErrorErr::MissingArg(typed.clone()),
            ServerFnErrorErr::Deserialization(typed.clone()),
            ServerFnErrorErr::ServerError(typed.clone()),
        ] {
            let sent = serde_json::to_string(&AppError::from_server_fn_error(error)).unwrap();
            assert!(!sent.contains(&typed), "{sent}");
        }
    }

    #[test]
    fn a_wrong_password_is_no_ended_session() {
        assert!(AppError::from(domain::Error::unauthenticated()).is_signed_out());
        assert!(!AppError::new(401, "wrong_credentials", "").is_signed_out());
        assert!(!AppError::new(403, "unauthenticated", "").is_signed_out());
    }
}
