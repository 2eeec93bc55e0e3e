//! The filing settings: get, update, test a provider.

use crate::AppError;
use leptos::prelude::*;
use std::collections::BTreeMap;
use wire::{ProviderSettingsPatch, Settings, TestResult};

/// The filing settings. A key is only said to be set or not.
#[server(prefix = "/_fn", endpoint = "settings/get")]
pub(crate) async fn get_settings() -> Result<Settings, AppError> {
    use crate::server_context::{context, fail};
    let (services, caller) = context()?;
    services.filing_settings().get(&caller).await.map_err(fail)
}

/// Changes the filing settings. `models`, `keys` and `remove_keys` go by the provider's name. A box that
/// is not ticked is not sent: `asks_local_only` says that `local_only` was there to be ticked.
#[server(prefix = "/_fn", endpoint = "settings/update")]
pub(crate) async fn update_settings(
    active_provider: Option<String>,
    system_prompt: Option<String>,
    #[server(default)] models: BTreeMap<String, String>,
    #[server(default)] keys: BTreeMap<String, String>,
    #[server(default)] remove_keys: Vec<String>,
    #[server(default)] asks_local_only: bool,
    #[server(default)] local_only: bool,
) -> Result<Settings, AppError> {
    use crate::server_context::{context, fail, go_to};
    let (services, caller) = context()?;
    let providers = provider_patches(models, keys, &remove_keys);
    let patch = wire::SettingsPatch {
        active_provider,
        providers,
        system_prompt,
        local_only: asks_local_only.then_some(local_only),
    };
    let settings = services
        .filing_settings()
        .update(&caller, &patch)
        .await
        .map_err(fail)?;
    go_to("/settings?done=saved");
    Ok(settings)
}

/// Asks a provider whether it answers, with the settings as they are saved.
#[server(prefix = "/_fn", endpoint = "settings/test")]
pub(crate) async fn test_provider(provider: Option<String>) -> Result<TestResult, AppError> {
    use crate::server_context::{context, fail};
    let (services, caller) = context()?;
    services
        .filing_settings()
        .test(&caller, &wire::TestRequest { provider })
        .await
        .map_err(fail)
}

/// The form's fields as a change per provider. An empty key field leaves the stored key alone,
/// because the form never shows it; removing one takes the checkbox.
#[cfg_attr(not(feature = "ssr"), allow(dead_code))]
fn provider_patches(
    models: BTreeMap<String, String>,
    keys: BTreeMap<String, String>,
    remove_keys: &[String],
) -> BTreeMap<String, ProviderSettingsPatch> {
    let mut patches: BTreeMap<String, ProviderSettingsPatch> = BTreeMap::new();
    for (provider, model) in models {
        patches.entry(provider).or_default().model = Some(model);
    }
    for (provider, key) in keys.into_iter().filter(|(_, key)| !key.trim().is_empty()) {
        patches.entry(provider).or_default().api_key = Some(key.trim().to_owned());
    }
    for provider in remove_keys {
        patches.entry(provider.clone()).or_default().api_key = Some(String::new());
    }
    patches
}

#[cfg(test)]
mod tests {
    use super::*;

    fn map(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
        pairs
            .iter()
            .map(|(key, value)| ((*key).to_owned(), (*value).to_owned()))
            .collect()
    }

    #[test]
    fn an_empty_key_field_keeps_the_stored_key() {
        let patches = provider_patches(map(&[("openai", "gpt-5")]), map(&[("openai", " ")]), &[]);
        assert_eq!(
            patches["openai"],
            ProviderSettingsPatch {
                model: Some("gpt-5".into()),
                api_key: None
            }
        );
    }

    #[test]
    fn a_key_is_set_without_the_blanks_that_copying_brings() {
        let patches = provider_patches(BTreeMap::new(), map(&[("anthropic", " abc \n")]), &[]);
        assert_eq!(patches["anthropic"].api_key.as_deref(), Some("abc"));
    }

    #[test]
    fn removing_wins_over_a_key_in_the_same_form() {
        let patches = provider_patches(
            BTreeMap::new(),
            map(&[("anthropic", "abc")]),
            &["anthropic".into()],
        );
        assert_eq!(patches["anthropic"].api_key.as_deref(), Some(""));
    }
}
