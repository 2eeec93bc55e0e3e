//! The filing settings. Keys go in and never come out.

use serde::{Deserialize, Serialize};
use std::{collections::BTreeMap, fmt};
use utoipa::ToSchema;

/// The filing settings.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Settings {
    /// `local`, `anthropic`, `openai`, `ollama` or `lmstudio`; what an admin chose, if one did.
    pub active_provider: String,
    /// Each provider's settings, by its name.
    pub providers: BTreeMap<String, ProviderSettings>,
    /// Added to what the provider is told; empty when nothing is.
    pub system_prompt: String,
    /// What an admin chose for this account; `null` when its owner chooses.
    #[serde(default)]
    pub assigned: Option<AssignedProvider>,
    /// Whether texts go to the built-in provider only, whatever was chosen.
    #[serde(default)]
    pub local_only: bool,
    /// How much may be sent to other providers.
    #[serde(default)]
    pub budget: TokenBudget,
}

/// The provider that an admin chose.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct AssignedProvider {
    /// Its name.
    #[schema(example = "anthropic")]
    pub provider: String,
    /// The model; `null` for what the account's owner set, or the provider's default.
    pub model: Option<String>,
}

impl From<domain::AssignedProvider> for AssignedProvider {
    fn from(assigned: domain::AssignedProvider) -> Self {
        Self {
            provider: assigned.provider.as_str().to_owned(),
            model: assigned.model,
        }
    }
}

/// How many tokens may be sent to providers in a month, by UTC.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct TokenBudget {
    /// How many were sent this month.
    pub used_tokens: i64,
    /// How many may be; `null` for any number.
    pub limit_tokens: Option<i64>,
    /// The day on which counting begins anew.
    #[schema(example = "2026-04-01")]
    pub renewed_on: String,
}

/// One provider's settings.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ProviderSettings {
    /// What people call the provider.
    pub label: String,
    /// The model in use; empty when none is chosen and there is no default.
    pub model: String,
    /// Whether it wants an API key.
    pub needs_key: bool,
    /// Whether a key is known, from here or from the environment. The key itself is never sent.
    pub api_key_set: bool,
    /// Where the provider is reached; chosen by whoever runs the vault. Absent for `local`.
    pub base_url: Option<String>,
    /// How many documents it was asked about this month. What costs no tokens is not counted.
    #[serde(default)]
    pub calls: i64,
    /// How many tokens it said that this took.
    #[serde(default)]
    pub used_tokens: i64,
}

/// What to change; what is left out stays.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct SettingsPatch {
    /// The provider to file with; refused when an admin chose another.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub active_provider: Option<String>,
    /// Changes to providers, by name.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub providers: BTreeMap<String, ProviderSettingsPatch>,
    /// At most 4,000 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub system_prompt: Option<String>,
    /// Whether texts go to the built-in provider only, whatever was chosen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub local_only: Option<bool>,
}

/// Changes to one provider's settings.
#[derive(Clone, Default, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ProviderSettingsPatch {
    /// The model to use; empty for the default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub model: Option<String>,
    /// A new key; empty removes the stored one. Write-only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(write_only)]
    pub api_key: Option<String>,
}

impl fmt::Debug for ProviderSettingsPatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ProviderSettingsPatch")
            .field("model", &self.model)
            .field("api_key", &self.api_key.as_ref().map(|_| "redacted"))
            .finish()
    }
}

/// Which provider to test.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct TestRequest {
    /// The provider's name; the active one when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub provider: Option<String>,
}

/// How the test went.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct TestResult {
    /// The provider that was tested.
    pub provider: String,
    /// Whether it answered as it should.
    pub ok: bool,
    /// A sentence: what happened and, if it failed, what to do.
    pub detail: String,
}
