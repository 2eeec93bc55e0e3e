//! Accounts as admins see and change them.

use serde::{Deserialize, Deserializer, Serialize};
use time::OffsetDateTime;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

/// An account as an admin sees it.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize, ToSchema)]
pub struct ManagedUser {
    /// Its id.
    pub id: Uuid,
    /// What others know it by.
    #[schema(example = "ada")]
    pub handle: String,
    /// Where its mail goes.
    #[schema(example = "ada@example.org")]
    pub email: String,
    /// `user` or `admin`.
    #[schema(example = "user")]
    pub role: String,
    /// Whether it may sign in.
    pub is_active: bool,
    /// Whether its owner has chosen a password.
    pub has_password: bool,
    /// Whether signing in takes a code of an authenticator app.
    pub totp: bool,
    /// How many passkeys it has.
    pub passkeys: i64,
    /// How many bytes its documents take.
    pub used_bytes: i64,
    /// How many they may take.
    pub limit_bytes: i64,
    /// The provider that files its documents; `null` when its owner chooses.
    #[schema(example = "anthropic")]
    pub ai_provider: Option<String>,
    /// The model; `null` for what its owner set, or the provider's default.
    pub ai_model: Option<String>,
    /// Whether its owner allows the built-in provider only, whatever was chosen.
    pub ai_local_only: bool,
    /// How many tokens providers may be sent in a month (by UTC); `null` for any number.
    pub ai_monthly_tokens: Option<i64>,
    /// How many were sent this month.
    pub ai_used_tokens: i64,
    /// Since when it exists.
    #[serde(with = "time::serde::rfc3339")]
    #[schema(value_type = String, format = DateTime)]
    pub created_at: OffsetDateTime,
    /// When it was last used, to within a minute; `null` when that is long ago.
    #[serde(with = "time::serde::rfc3339::option")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub last_seen_at: Option<OffsetDateTime>,
}

/// One page of accounts, by handle.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize, ToSchema)]
pub struct UserList {
    /// The accounts of this page.
    pub users: Vec<ManagedUser>,
    /// How many there are on all pages.
    pub total: i64,
    /// This page's number, from 1.
    pub page: u32,
    /// How many accounts a page has.
    pub per_page: u32,
}

/// Which accounts to list.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, Serialize, IntoParams, ToSchema)]
#[into_params(parameter_in = Query)]
pub struct UserQuery {
    /// Only those whose handle or address holds this.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub search: Option<String>,
    /// The page's number, from 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub page: Option<i64>,
    /// How many accounts a page has, 1 to 100; 20 unless said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub per_page: Option<i64>,
}

/// An account to make for somebody else.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
pub struct NewUser {
    /// What others will know them by: 2 to 32 of `a`-`z`, `0`-`9`, `-`, `_`.
    #[schema(example = "ada")]
    pub handle: String,
    /// Where their mail goes.
    #[schema(example = "ada@example.org")]
    pub email: String,
    /// `user` or `admin`.
    #[serde(default = "user")]
    #[schema(default = "user")]
    pub role: String,
    /// How many bytes its documents may take; what the vault gives everybody when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit_bytes: Option<i64>,
}

fn user() -> String {
    "user".to_owned()
}

/// An account that was made.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize, ToSchema)]
pub struct CreatedUser {
    /// The link with which its owner chooses a password. Works once, for seven days; never shown again.
    pub link: String,
    /// The account.
    #[serde(flatten)]
    pub user: ManagedUser,
}

/// A link with which an account's owner chooses a new password.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize, ToSchema)]
pub struct PasswordLink {
    /// Works once, for 24 hours; never shown again.
    pub link: String,
}

/// What to change about an account; what is left out stays, and `null` takes away.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct UserPatch {
    /// `user` or `admin`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub role: Option<String>,
    /// Whether it may sign in. Where it is signed in, that ends at once.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub is_active: Option<bool>,
    /// How many bytes its documents may take. With fewer than they do nothing more can be uploaded.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit_bytes: Option<i64>,
    /// The provider that files its documents; `null` when its owner shall choose.
    #[serde(
        default,
        deserialize_with = "there",
        skip_serializing_if = "Option::is_none"
    )]
    #[schema(value_type = Option<String>)]
    pub ai_provider: Option<Option<String>>,
    /// The model; `null` for what its owner set, or the provider's default.
    #[serde(
        default,
        deserialize_with = "there",
        skip_serializing_if = "Option::is_none"
    )]
    #[schema(value_type = Option<String>)]
    pub ai_model: Option<Option<String>>,
    /// How many tokens providers may be sent in a month; `null` for any number.
    #[serde(
        default,
        deserialize_with = "there",
        skip_serializing_if = "Option::is_none"
    )]
    #[schema(value_type = Option<i64>)]
    pub ai_monthly_tokens: Option<Option<i64>>,
}

/// A field that is there, be it `null`.
fn there<'de, D, T>(deserializer: D) -> Result<Option<Option<T>>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    Option::deserialize(deserializer).map(Some)
}

impl From<domain::ManagedUser> for ManagedUser {
    fn from(user: domain::ManagedUser) -> Self {
        let (provider, model) = match user.filing.assigned {
            Some(assigned) => (Some(assigned.provider.as_str().to_owned()), assigned.model),
            None => (None, None),
        };
        Self {
            id: user.id.0,
            handle: user.handle.as_str().to_owned(),
            email: user.email.as_str().to_owned(),
            role: user.role.as_str().to_owned(),
            is_active: user.is_active,
            has_password: user.has_password,
            totp: user.totp_enabled,
            passkeys: user.passkeys,
            used_bytes: user.used_bytes,
            limit_bytes: user.limit_bytes,
            ai_provider: provider,
            ai_model: model,
            ai_local_only: user.filing.local_only,
            ai_monthly_tokens: user.filing.monthly_tokens,
            ai_used_tokens: user.used_tokens,
            created_at: user.created_at,
            last_seen_at: user.last_seen_at,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_is_left_out_stays_and_null_takes_away() {
        let patch = |json| serde_json::from_value::<UserPatch>(json);
        assert_eq!(patch(json!({})).unwrap(), UserPatch::default());
        let taken = patch(json!({ "ai_provider": null, "ai_monthly_tokens": null })).unwrap();
        assert_eq!(
            (&taken.ai_provider, &taken.ai_monthly_tokens),
            (&Some(None), &Some(None))
        );
        assert_eq!(taken.ai_model, None);
        let sent = serde_json::to_value(&taken).unwrap();
        assert_eq!(
            sent,
            json!({ "ai_provider": null, "ai_monthly_tokens": null })
        );
        let set = patch(json!({ "ai_provider": "openai", "ai_monthly_tokens": 0 })).unwrap();
        assert_eq!(set.ai_provider, Some(Some("openai".to_owned())));
        assert_eq!(set.ai_monthly_tokens, Some(Some(0)));
    }

    #[test]
    fn a_misspelt_field_is_not_passed_over() {
        assert!(serde_json::from_value::<UserPatch>(json!({ "is_activ": false })).is_err());
    }
}
