//! The one error type that crosses the service boundary. Faces turn its kind into a status, once.

use std::fmt;

/// What kind of thing went wrong, as far as a caller can act on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// There is no such thing, or the caller may not know that there is.
    NotFound,
    /// Nobody signed in, or what they signed in with is no longer good.
    Unauthenticated,
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
    /// The owner's quota would be exceeded.
    QuotaExceeded,
    /// Too many tries; see [`Error::retry_after`].
    RateLimited,
    /// A part of the system (database, object store, provider) can't be reached now.
    Unavailable,
    /// Our own fault.
    Internal,
}

impl Kind {
    /// In a word, for metrics.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::NotFound => "not_found",
            Self::Unauthenticated => "unauthenticated",
            Self::Forbidden => "forbidden",
            Self::Conflict => "conflict",
            Self::Invalid => "invalid",
            Self::BadRequest => "bad_request",
            Self::TooLarge => "too_large",
            Self::UnsupportedType => "unsupported_type",
            Self::QuotaExceeded => "quota_exceeded",
            Self::RateLimited => "rate_limited",
            Self::Unavailable => "unavailable",
            Self::Internal => "internal",
        }
    }
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
    /// In how many seconds another try makes sense, where that is known.
    pub retry_after: Option<u64>,
}

impl Error {
    /// An error of that kind.
    pub fn new(kind: Kind, code: &'static str, detail: impl Into<String>) -> Self {
        Self {
            kind,
            code,
            detail: detail.into(),
            fields: Vec::new(),
            retry_after: None,
        }
    }

    /// Nobody signed in, or what they signed in with is no longer good.
    pub fn unauthenticated() -> Self {
        Self::new(
            Kind::Unauthenticated,
            "unauthenticated",
            "You are not signed in. Sign in and try again.",
        )
    }

    /// Too many tries.
    pub fn rate_limited(seconds: u64) -> Self {
        Self {
            retry_after: Some(seconds.max(1)),
            ..Self::new(
                Kind::RateLimited,
                "rate_limited",
                format!(
                    "That was tried too often. Wait {} and try again.",
                    spoken(seconds)
                ),
            )
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
            retry_after: None,
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
        Self {
            retry_after: Some(10),
            ..Self::new(
                Kind::Unavailable,
                "unavailable",
                format!(
                    "The {what} can't be reached at the moment. Nothing was lost; try again in a minute."
                ),
            )
        }
    }
}

fn spoken(seconds: u64) -> String {
    match seconds {
        0 | 1 => "a second".to_owned(),
        2..=90 => format!("{seconds} seconds"),
        _ => format!("{} minutes", seconds.div_ceil(60)),
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.detail)
    }
}

impl std::error::Error for Error {}
