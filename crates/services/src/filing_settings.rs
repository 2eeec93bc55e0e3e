//! The filing settings: which provider, which model, which prompt. Keys go in and never come out.

use crate::{Parts, Services, fault, filing, filing_rules, limits, seal};
use classification::Config;
use database::{StoredFiling, StoredSettings, UnitOfWork};
use domain::{
    AuditEvent, Caller, Error, FilingRules, ProviderName, UserId,
    policy::{Action, authorise_owner},
};
use secrecy::SecretString;
use std::collections::BTreeMap;

const MAX_PROMPT_CHARS: usize = 4_000;
const MAX_MODEL_CHARS: usize = 200;
const MAX_KEY_CHARS: usize = 1_000;

/// The use cases of the filing settings.
pub struct FilingSettings<'a> {
    pub(crate) services: &'a Services,
}

impl FilingSettings<'_> {
    /// The caller's settings.
    ///
    /// # Errors
    /// See [`domain::Kind`].
    pub async fn get(&self, caller: &Caller) -> Result<wire::Settings, Error> {
        let owner = authorise_owner(caller, Action::ReadSettings)?;
        let parts = &self.services.parts;
        let StoredFiling {
            settings: stored,
            rules,
            used_tokens,
        } = self.services.stored_filing(owner).await?;
        let usage = parts
            .database
            .provider_usage(owner, self.services.this_month())
            .await
            .map_err(fault::of_database)?;
        let providers = ProviderName::ALL.map(|provider| {
            let used = usage.iter().find(|used| used.provider == provider);
            let shown = wire::ProviderSettings {
                calls: used.map_or(0, |used| used.calls),
                used_tokens: used.map_or(0, |used| used.tokens),
                ..shown(parts, owner, &stored, provider)
            };
            (provider.as_str().to_owned(), shown)
        });
        Ok(wire::Settings {
            active_provider: filing_rules::chosen(&stored, &rules).as_str().to_owned(),
            providers: BTreeMap::from(providers),
            system_prompt: stored.system_prompt,
            assigned: rules.assigned.map(Into::into),
            local_only: rules.local_only,
            budget: wire::TokenBudget {
                used_tokens,
                limit_tokens: rules.monthly_tokens,
                renewed_on: self.services.this_month().renewed_on().to_string(),
            },
        })
    }

    /// Changes what the patch names, all of it or nothing.
    ///
    /// # Errors
    /// `Invalid` for a value that is not acceptable; `Conflict` for another provider than an admin chose.
    pub async fn update(
        &self,
        caller: &Caller,
        patch: &wire::SettingsPatch,
    ) -> Result<wire::Settings, Error> {
        let owner = authorise_owner(caller, Action::WriteSettings)?;
        let active = patch
            .active_provider
            .as_deref()
            .map(|word| provider("active_provider", word))
            .transpose()?;
        let active = self.services.allowed_provider(owner, active).await?;
        let prompt = patch.system_prompt.as_deref().map(str::trim);
        if prompt.is_some_and(|text| text.chars().count() > MAX_PROMPT_CHARS || text.contains('\0'))
        {
            return Err(Error::invalid(
                "system_prompt",
                "The prompt has at most 4,000 characters.",
            ));
        }
        let mut work = self.services.begin().await?;
        work.update_filing_settings(owner, active, prompt)
            .await
            .map_err(fault::of_database)?;
        for (word, change) in &patch.providers {
            let provider = provider("providers", word)?;
            self.update_provider(&mut work, owner, provider, change)
                .await?;
        }
        let mut entry = caller.did(AuditEvent::SettingsChanged, None);
        if let Some(local_only) = patch.local_only {
            work.set_local_only(owner, local_only)
                .await
                .map_err(fault::of_database)?;
            entry = entry.noting(if local_only {
                "texts go to the built-in provider only"
            } else {
                "texts may go to other providers"
            });
        }
        work.audit(&entry).await.map_err(fault::of_database)?;
        work.commit().await.map_err(fault::of_database)?;
        self.get(caller).await
    }

    async fn update_provider(
        &self,
        work: &mut UnitOfWork,
        owner: UserId,
        provider: ProviderName,
        change: &wire::ProviderSettingsPatch,
    ) -> Result<(), Error> {
        if provider == ProviderName::Local {
            return Err(Error::invalid(
                "providers",
                "The built-in provider has nothing to set.",
            ));
        }
        if let Some(model) = change.model.as_deref().map(str::trim) {
            let model = Some(model_name("model", model)?).filter(|model| !model.is_empty());
            work.set_provider_model(owner, provider, model.as_deref())
                .await
                .map_err(fault::of_database)?;
        }
        if let Some(key) = change.api_key.as_deref().map(str::trim) {
            if key.chars().count() > MAX_KEY_CHARS || !key.chars().all(|c| c.is_ascii_graphic()) {
                return Err(Error::invalid(
                    "api_key",
                    "That does not look like an API key. Copy it again, without spaces.",
                ));
            }
            let sealed = match key {
                "" => None,
                key => Some(
                    seal::seal(
                        &self.services.parts.secret_key,
                        &context(owner, provider),
                        key,
                    )
                    .map_err(|_| Error::internal())?,
                ),
            };
            work.set_provider_key(owner, provider, sealed.as_deref())
                .await
                .map_err(fault::of_database)?;
        }
        Ok(())
    }

    /// Asks a provider for a sign of life, with the caller's own settings.
    ///
    /// # Errors
    /// `Invalid` for a provider that does not exist. That the provider fails is no error but the result.
    pub async fn test(
        &self,
        caller: &Caller,
        request: &wire::TestRequest,
    ) -> Result<wire::TestResult, Error> {
        let owner = authorise_owner(caller, Action::WriteSettings)?;
        self.services
            .limit_load(&[(limits::PROVIDER_TEST, &owner.to_string())])
            .await?;
        let parts = &self.services.parts;
        let StoredFiling {
            settings: stored,
            rules,
            ..
        } = self.services.stored_filing(owner).await?;
        let provider = match request.provider.as_deref() {
            Some(word) => provider("provider", word)?,
            None => rules.in_use(stored.active_provider),
        };
        let config = config(parts, owner, &stored, &rules, provider);
        let answer = match classification::build(config) {
            Ok(classifier) => classifier.health().await,
            Err(failure) => Err(failure),
        };
        let (ok, detail) = match answer {
            Ok(()) => (true, format!("{} answers as it should.", provider.spoken())),
            Err(failure) => (false, filing::sentence(failure)),
        };
        Ok(wire::TestResult {
            provider: provider.as_str().to_owned(),
            ok,
            detail,
        })
    }
}

/// A model's name.
pub(crate) fn model_name(field: &'static str, raw: &str) -> Result<String, Error> {
    let name = raw.trim();
    if name.chars().count() > MAX_MODEL_CHARS || name.chars().any(char::is_control) {
        return Err(Error::invalid(
            field,
            "A model's name has at most 200 characters on one line.",
        ));
    }
    Ok(name.to_owned())
}

pub(crate) fn provider(field: &'static str, word: &str) -> Result<ProviderName, Error> {
    ProviderName::parse(word).ok_or_else(|| {
        Error::invalid(
            field,
            "The providers are `local`, `anthropic`, `openai`, `ollama` and `lmstudio`.",
        )
    })
}

/// What a sealed key belongs to: it opens for nobody else and for nothing else.
pub(crate) fn context(owner: UserId, provider: ProviderName) -> String {
    format!("filing api key/{owner}/{}", provider.as_str())
}

fn stored_key(
    parts: &Parts,
    owner: UserId,
    stored: &StoredSettings,
    provider: ProviderName,
) -> Option<SecretString> {
    let sealed = stored
        .providers
        .iter()
        .find(|one| one.provider == provider)?
        .api_key_enc
        .as_deref()?;
    let opened = seal::open(&parts.secret_key, &context(owner, provider), sealed);
    if opened.is_err() {
        tracing::warn!(
            provider = provider.as_str(),
            "a stored API key can't be opened: SECRET_KEY was changed"
        );
    }
    opened.ok()
}

fn model(stored: &StoredSettings, provider: ProviderName) -> Option<String> {
    stored
        .providers
        .iter()
        .find(|one| one.provider == provider)?
        .model
        .clone()
}

fn shown(
    parts: &Parts,
    owner: UserId,
    stored: &StoredSettings,
    provider: ProviderName,
) -> wire::ProviderSettings {
    let key =
        stored_key(parts, owner, stored, provider).or_else(|| parts.endpoints.api_key(provider));
    wire::ProviderSettings {
        label: provider.spoken().to_owned(),
        model: model(stored, provider).unwrap_or_else(|| provider.default_model().to_owned()),
        needs_key: provider.needs_key(),
        api_key_set: key.is_some(),
        base_url: parts.endpoints.url(provider).map(str::to_owned),
        ..wire::ProviderSettings::default()
    }
}

/// How to build a provider for an owner.
pub(crate) fn config(
    parts: &Parts,
    owner: UserId,
    stored: &StoredSettings,
    rules: &FilingRules,
    provider: ProviderName,
) -> Config {
    Config {
        model: rules
            .model(provider)
            .map(str::to_owned)
            .or_else(|| model(stored, provider)),
        api_key: stored_key(parts, owner, stored, provider)
            .or_else(|| parts.endpoints.api_key(provider)),
        base_url: parts.endpoints.url(provider).map(str::to_owned),
        timeout: parts.endpoints.timeout,
        ..Config::new(provider)
    }
}
