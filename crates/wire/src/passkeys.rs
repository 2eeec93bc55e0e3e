//! Passkeys: one's own, and signing in with one.
//!
//! What goes to a browser's authenticator and what comes back from it is passed on as it is: the JSON
//! of WebAuthn Level 3, which `parseCreationOptionsFromJSON`, `parseRequestOptionsFromJSON` and
//! `toJSON` of `PublicKeyCredential` read and write.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use time::OffsetDateTime;
use utoipa::ToSchema;
use uuid::Uuid;

/// A passkey.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize, ToSchema)]
pub struct Passkey {
    /// Its id.
    pub id: Uuid,
    /// What its owner calls it.
    pub name: String,
    /// When it was last signed in with.
    #[serde(with = "time::serde::rfc3339::option")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub last_used_at: Option<OffsetDateTime>,
    /// Since when it exists.
    #[serde(with = "time::serde::rfc3339")]
    #[schema(value_type = String, format = DateTime)]
    pub created_at: OffsetDateTime,
}

impl From<domain::Passkey> for Passkey {
    fn from(passkey: domain::Passkey) -> Self {
        Self {
            id: passkey.id.0,
            name: passkey.name,
            last_used_at: passkey.last_used_at,
            created_at: passkey.created_at,
        }
    }
}

/// Somebody's passkeys, the oldest first.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize, ToSchema)]
pub struct PasskeyList {
    /// The passkeys.
    pub passkeys: Vec<Passkey>,
    /// Whether any can be added and used: browsers know them only at an address that they trust.
    pub possible: bool,
}

/// A question for a browser's authenticator. It has to be answered within five minutes, and works once.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize, ToSchema)]
pub struct PasskeyCeremony {
    /// To be sent back with the answer.
    pub ceremony: Uuid,
    /// `PublicKeyCredentialCreationOptionsJSON`, or `PublicKeyCredentialRequestOptionsJSON` to sign in.
    #[schema(value_type = Object)]
    pub options: Value,
}

/// A passkey that a browser made.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
pub struct NewPasskey {
    /// The question that it answers.
    pub ceremony: Uuid,
    /// What to call it: 1 to 80 characters.
    #[schema(example = "Phone")]
    pub name: String,
    /// `RegistrationResponseJSON`.
    #[schema(value_type = Object)]
    pub credential: Value,
}

/// A passkey that was added.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize, ToSchema)]
pub struct CreatedPasskey {
    /// What its owner will see of it.
    #[serde(flatten)]
    pub passkey: Passkey,
    /// Ten codes, each of which stands in once for a lost second factor: made with the first one, and
    /// never shown again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recovery_codes: Option<Vec<String>>,
}

/// A change of a passkey.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
pub struct PasskeyPatch {
    /// What to call it: 1 to 80 characters.
    pub name: String,
}

/// Asks for what a browser needs to sign in with a passkey.
#[derive(Clone, Default, Deserialize, Serialize, ToSchema)]
pub struct PasskeySignInRequest {
    /// From a sign-in with a password that asked for a second factor; without it, the passkey stands for
    /// name and password both.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub second_factor_token: Option<String>,
}

/// A sign-in with a passkey.
#[derive(Clone, Deserialize, Serialize, ToSchema)]
pub struct PasskeySignIn {
    /// The question that it answers.
    pub ceremony: Uuid,
    /// `AuthenticationResponseJSON`.
    #[schema(value_type = Object)]
    pub credential: Value,
    /// The same as in the question.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub second_factor_token: Option<String>,
}
