//! Accounts, and signing in and out.

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;
use utoipa::ToSchema;
use uuid::Uuid;

/// What somebody gives to make an account.
#[derive(Clone, Deserialize, Serialize, ToSchema)]
pub struct NewAccount {
    /// What others will know them by: 2 to 32 of `a`-`z`, `0`-`9`, `-`, `_`.
    #[schema(example = "ada")]
    pub handle: String,
    /// Where their mail goes.
    #[schema(example = "ada@example.org")]
    pub email: String,
    /// At least 12 characters that are hard to guess.
    #[schema(format = Password)]
    pub password: String,
}

/// The vault's first account.
#[derive(Clone, Deserialize, Serialize, ToSchema)]
pub struct SetUp {
    /// From the link that the server printed when it started.
    pub token: String,
    /// The account.
    #[serde(flatten)]
    pub account: NewAccount,
}

/// A new account.
#[derive(Clone, Deserialize, Serialize, ToSchema)]
pub struct Register {
    /// From the link of an invitation; needed unless the vault takes in anybody.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub invitation: Option<String>,
    /// The account.
    #[serde(flatten)]
    pub account: NewAccount,
}

/// A sign-in.
#[derive(Clone, Deserialize, Serialize, ToSchema)]
pub struct LogIn {
    /// Handle or e-mail address.
    #[schema(example = "ada")]
    pub login: String,
    /// The password.
    #[schema(format = Password)]
    pub password: String,
}

/// What somebody who signed in carries from now on.
#[derive(Clone, Deserialize, Serialize, ToSchema)]
pub struct SignedIn {
    /// Sent with every request, as `Authorization: Bearer`.
    pub access_token: String,
    /// `Bearer`.
    #[schema(example = "Bearer")]
    pub token_type: String,
    /// In how many seconds the access token is no longer good.
    #[schema(example = 600)]
    pub expires_in: i64,
    /// Exchanged for the next pair, once.
    pub refresh_token: String,
}

/// A refresh token, to be exchanged.
#[derive(Clone, Deserialize, Serialize, ToSchema)]
pub struct Refresh {
    /// The newest refresh token of the session.
    pub refresh_token: String,
}

/// One's own account.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize, ToSchema)]
pub struct Account {
    /// Its id.
    pub id: Uuid,
    /// What others know it by.
    pub handle: String,
    /// Where its mail goes.
    pub email: String,
    /// `user` or `admin`.
    #[schema(example = "user")]
    pub role: String,
    /// How many bytes its documents take.
    pub used_bytes: i64,
    /// How many they may take.
    pub limit_bytes: i64,
    /// Since when it exists.
    #[serde(with = "time::serde::rfc3339")]
    #[schema(value_type = String, format = DateTime)]
    pub created_at: OffsetDateTime,
}

/// A new password.
#[derive(Clone, Deserialize, Serialize, ToSchema)]
pub struct ChangePassword {
    /// The one in use.
    #[schema(format = Password)]
    pub current_password: String,
    /// The next.
    #[schema(format = Password)]
    pub new_password: String,
}

/// The end of an account.
#[derive(Clone, Deserialize, Serialize, ToSchema)]
pub struct DeleteAccount {
    /// The account's password.
    #[schema(format = Password)]
    pub password: String,
}

/// A sign-in on a device.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize, ToSchema)]
pub struct Session {
    /// Its id.
    pub id: Uuid,
    /// What the browser or program called itself.
    pub device: String,
    /// The address that it was last used from.
    pub address: Option<String>,
    /// Whether this request came from it.
    pub current: bool,
    /// Since when.
    #[serde(with = "time::serde::rfc3339")]
    #[schema(value_type = String, format = DateTime)]
    pub created_at: OffsetDateTime,
    /// When it was last used, to within a minute.
    #[serde(with = "time::serde::rfc3339")]
    #[schema(value_type = String, format = DateTime)]
    pub last_used_at: OffsetDateTime,
}

/// Where somebody is signed in, the last used first.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize, ToSchema)]
pub struct SessionList {
    /// The sessions.
    pub sessions: Vec<Session>,
}

/// A token for a program.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize, ToSchema)]
pub struct ApiToken {
    /// Its id.
    pub id: Uuid,
    /// What its owner calls it.
    pub name: String,
    /// Its first characters, to recognise it by.
    #[schema(example = "dva_x1Yz")]
    pub hint: String,
    /// `read`, `write` or `admin`.
    #[schema(example = "read")]
    pub scope: String,
    /// Until when it is good; `null` for as long as it is there.
    #[serde(with = "time::serde::rfc3339::option")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub expires_at: Option<OffsetDateTime>,
    /// When it was last used, to within a minute.
    #[serde(with = "time::serde::rfc3339::option")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub last_used_at: Option<OffsetDateTime>,
    /// Since when it exists.
    #[serde(with = "time::serde::rfc3339")]
    #[schema(value_type = String, format = DateTime)]
    pub created_at: OffsetDateTime,
}

/// Somebody's tokens, the newest first.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize, ToSchema)]
pub struct ApiTokenList {
    /// The tokens.
    pub tokens: Vec<ApiToken>,
}

/// A token to make.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
pub struct NewApiToken {
    /// What to call it: 1 to 80 characters.
    pub name: String,
    /// `read` (look), `write` (change documents, topics and settings) or `admin` (everything its owner may).
    #[schema(example = "read")]
    pub scope: String,
    /// For how many days it is good, 1 to 3650; without end when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires_in_days: Option<i64>,
}

/// A token that was made. Its text is never shown again.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize, ToSchema)]
pub struct CreatedApiToken {
    /// The text to send as `Authorization: Bearer`.
    pub token: String,
    /// What its owner will see of it.
    #[serde(flatten)]
    pub described: ApiToken,
}

/// An invitation to make.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
pub struct NewInvitation {
    /// What the invited person becomes: `user` or `admin`.
    #[serde(default = "user")]
    #[schema(default = "user")]
    pub role: String,
    /// The only address with which it can be used; the link is sent there, if the vault sends mail.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = "ada@example.org")]
    pub email: Option<String>,
}

impl Default for NewInvitation {
    fn default() -> Self {
        Self {
            role: user(),
            email: None,
        }
    }
}

fn user() -> String {
    "user".to_owned()
}

/// An invitation that was made.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize, ToSchema)]
pub struct Invitation {
    /// The link to send to the invited person. Works once, for seven days; never shown again.
    pub link: String,
    /// Whether it was sent to their address, too.
    #[serde(default)]
    pub mailed: bool,
}

/// What a sign-in page should offer.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize, ToSchema)]
pub struct SignInOptions {
    /// Whether the vault waits for its first account.
    pub wants_set_up: bool,
    /// Who may make an account: `open`, `invite` or `closed`.
    #[schema(example = "invite")]
    pub registration: String,
    /// Whether the vault sends mail: who forgot a password can ask for a link.
    #[serde(default)]
    pub mail: bool,
    /// Whether one can sign in with a passkey: browsers know them only at an address that they trust.
    #[serde(default)]
    pub passkeys: bool,
}
