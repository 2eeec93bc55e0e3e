//! What is settled by links in mails: a forgotten password, another address.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Somebody who forgot a password.
#[derive(Clone, Deserialize, Serialize, ToSchema)]
pub struct RequestPasswordReset {
    /// Handle or e-mail address.
    #[schema(example = "ada")]
    pub login: String,
}

/// That something was taken on and goes on beside the request.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize, ToSchema)]
pub struct Accepted {
    /// A sentence for people.
    pub detail: String,
}

/// A new password, chosen with the link in the mail.
#[derive(Clone, Deserialize, Serialize, ToSchema)]
pub struct ResetPassword {
    /// From the link.
    pub token: String,
    /// At least 12 characters that are hard to guess.
    #[schema(format = Password)]
    pub new_password: String,
}

/// Another address for one's own account.
#[derive(Clone, Deserialize, Serialize, ToSchema)]
pub struct ChangeEmail {
    /// The address to which a link is sent.
    #[schema(example = "ada@example.org")]
    pub email: String,
    /// The account's password.
    #[schema(format = Password)]
    pub password: String,
}

/// One's own address.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize, ToSchema)]
pub struct Email {
    /// Where mail goes.
    pub email: String,
    /// The address that waits for the link sent to it to be opened.
    pub pending: Option<String>,
    /// Whether another can be asked for: that takes a vault that sends mail.
    pub changeable: bool,
}

/// The link that was sent to a new address.
#[derive(Clone, Deserialize, Serialize, ToSchema)]
pub struct ConfirmEmail {
    /// From the link.
    pub token: String,
}
