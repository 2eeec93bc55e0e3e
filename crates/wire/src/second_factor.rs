//! What somebody shows besides the password.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// The password was right; now the second factor is asked for.
#[derive(Clone, Deserialize, Serialize, ToSchema)]
pub struct SecondFactorWanted {
    /// Stands for the right password in the next call. It is no access token.
    pub token: String,
    /// In how many seconds the sign-in has to begin again.
    #[schema(example = 300)]
    pub expires_in: i64,
    /// What may be shown: `totp` (a code of an authenticator app), `passkey`, `recovery_code`.
    #[schema(example = json!(["totp", "recovery_code"]))]
    pub methods: Vec<String>,
}

/// The second step of a sign-in.
#[derive(Clone, Deserialize, Serialize, ToSchema)]
pub struct GiveSecondFactor {
    /// From the answer to the first step.
    pub token: String,
    /// The six digits that the authenticator app shows now, or a recovery code.
    #[schema(example = "123456")]
    pub code: String,
}

/// What one's own account asks for besides the password.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize, ToSchema)]
pub struct SecondFactor {
    /// Whether codes of an authenticator app are asked for.
    pub totp: bool,
    /// How many recovery codes are left.
    #[schema(example = 10)]
    pub recovery_codes_left: i64,
    /// How many passkeys there are.
    pub passkeys: i64,
}

/// Shows that it is really the account's owner who sits there.
#[derive(Clone, Deserialize, Serialize, ToSchema)]
pub struct ConfirmPassword {
    /// The account's password.
    #[schema(format = Password)]
    pub password: String,
}

/// An authenticator app to set up. Nothing is asked of it before it has shown a first code.
#[derive(Clone, Deserialize, Serialize, ToSchema)]
pub struct TotpSetUp {
    /// For typing into the app, in base 32.
    pub secret: String,
    /// What the QR code says (`otpauth://`). Holds the secret.
    pub uri: String,
    /// The QR code as a picture (SVG); `null` when it can't be drawn.
    pub qr_svg: Option<String>,
}

/// A code of an authenticator app.
#[derive(Clone, Deserialize, Serialize, ToSchema)]
pub struct TotpCode {
    /// The six digits that the app shows now.
    #[schema(example = "123456")]
    pub code: String,
}

/// New recovery codes, each of which works once. They are never shown again.
#[derive(Clone, Deserialize, Serialize, ToSchema)]
pub struct RecoveryCodes {
    /// The codes; none when those from before still work.
    #[schema(example = json!(["0123-4567-89ab-cdef"]))]
    pub recovery_codes: Vec<String>,
}
