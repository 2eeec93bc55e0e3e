//! The one error type that crosses the service boundary. Faces turn its kind into a status, once.

use std::fmt;

/// What kind of thing went wrong, as far as a caller can act on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// There is no such thing, or the caller may not know that there is.
    NotFound,
    /// The caller is known and may not do that.
    Forbidden,
    /// It contradicts what is there already.
    Conflict,
    /// The input is not acceptable as it is.
    Invalid,
    /// The request's form is broken (not the values in it).
    BadRequest,
    /// A size limit is exceeded.
    TooLarge,
    /// This type of file is not accepted.
    UnsupportedType,
    /// A part of the system (database, object store, provider) can't be reached now.
    Unavailable,
    /// Our own fault.
    Internal,
}

/// One field that was refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldError {
    /// The field's name in the request.
    pub field: &'static str,
    /// A sentence that says what to do.
    pub message: String,
}

/// An error a caller sees: a kind, a stable code, a sentence. Internals stay in the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error {
    /// What kind of error it is.
    pub kind: Kind,
    /// Stable, for programs: `document_not_found`, `topic_name_taken` ...
    pub code: &'static str,
    /// A sentence for people: what happened, then what to do.
    pub detail: String,
    /// The fields that were refused, if that is what happened.
    pub fields: Vec<FieldError>,
}

impl Error {
    /// An error of that kind.
    pub fn new(kind: Kind, code: &'static str, detail: impl Into<String>) -> Self {
        Self {
            kind,
            code,
            detail: detail.into(),
            fields: Vec::new(),
        }
    }

    /// There is no such thing.
    pub fn not_found(code: &'static str, detail: impl Into<String>) -> Self {
        Self::new(Kind::NotFound, code, detail)
    }

    /// The caller may not do that.
    pub fn forbidden(detail: impl Into<String>) -> Self {
        Self::new(Kind::Forbidden, "forbidden", detail)
    }

    /// One field is not acceptable.
    pub fn invalid(field: &'static str, message: impl Into<String>) -> Self {
        let message = message.into();
        Self {
            kind: Kind::Invalid,
            code: "invalid",
            detail: message.clone(),
            fields: vec![FieldError { field, message }],
        }
    }

    /// Our own fault; the cause is logged where it is handled, never sent.
    pub fn internal() -> Self {
        Self::new(
            Kind::Internal,
            "internal",
            "Something went wrong on our side. Try again; if it stays, tell whoever runs this vault the request id.",
        )
    }

    /// A part of the system is away.
    pub fn unavailable(what: &'static str) -> Self {
        Self::new(
            Kind::Unavailable,
            "unavailable",
            format!(
                "The {what} can't be reached at the moment. Nothing was lost; try again in a minute."
            ),
        )
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.detail)
    }
}

impl std::error::Error for Error {}
